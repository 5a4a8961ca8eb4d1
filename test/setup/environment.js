'use strict';
// Runs before every test file: the same surroundings on every machine.

// The validation of templates at synthesis takes seconds a stack; the suite that proves it clean turns it on.
process.env.CDK_VALIDATION ??= 'false';
// Where in the code each resource was made, for people who look for it: a fifth of the time of a synthesis, which no test reads.
process.env.CDK_CONTEXT_JSON ??= JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-logicalId-metadata': true });
process.env.TZ = process.env.AUTH_TEST_TZ ?? 'UTC';
process.env.CDK_DISABLE_VERSION_CHECK = '1';
// CDK's own calls of what it deprecates itself.
process.env.JSII_DEPRECATED ??= 'quiet';

// No test may reach an account by accident.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('AWS_')) delete process.env[name];
}
process.env.AWS_EC2_METADATA_DISABLED = 'true';
