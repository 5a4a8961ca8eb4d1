import { DependencyType } from 'projen';
import type { awscdk } from 'projen';

/**
 * Every version this project builds with, in one place. All are exact: a build must not change because somebody else
 * published something.
 */
export const versions = {
  node: '24.21.0',
  /** The peer floor. The library is built on it, so that nothing newer can slip into its public types. */
  awsCdkLib: '2.257.0',
  /** The library is also tested on this one, under the name aws-cdk-lib-newest. */
  newestAwsCdkLib: '2.276.0',
  constructs: '10.5.1',
  jsii: '6.0.16',
  typescript: '6.0.3',
  awsSdk: '3.1162.0',
  projen: '0.103.25',
  /** Publishes a release; only the release workflow installs it. */
  publib: '0.2.1061',
} as const;

const sdkClients = ['dynamodb', 'secrets-manager', 'kms', 'ssm', 'sqs', 'lambda'];

/** What scripts/smoke-aws asks of a real account, beside the clients of the functions. */
const smokeClients = ['cloudformation', 'cloudwatch', 'cloudwatch-logs', 'sts', 'xray'];

/** Bundled into the functions (lambda/). They never become dependencies of the published package. */
export const runtimeDeps = [
  ...sdkClients.map((client) => `@aws-sdk/client-${client}@${versions.awsSdk}`),
  `@aws-sdk/lib-dynamodb@${versions.awsSdk}`,
  // The versions that these SDK clients bring: one copy in each bundle.
  '@smithy/core@3.41.0',
  '@smithy/signature-v4@5.7.5',
  'bcryptjs@3.0.3',
  'jose@6.2.17',
  'valibot@1.5.0',
];

/** Bundled into the local instance (local/). */
export const localDeps = ['dynalite@4.0.0'];

/** Tools, types and independent libraries that the tests check against. */
export const toolDeps = [
  ...smokeClients.map((client) => `@aws-sdk/client-${client}@${versions.awsSdk}`),
  '@types/aws-lambda@8.10.164',
  '@types/aws4@1.11.6',
  '@types/jest@30.0.0',
  '@types/node@24.19.2',
  '@valibot/to-json-schema@1.8.0',
  'aws-cdk@2.1148.1',
  `aws-cdk-lib-newest@npm:aws-cdk-lib@${versions.newestAwsCdkLib}`,
  'aws-jwt-verify@5.2.1',
  'aws4@1.13.2',
  'cdk-nag@3.0.2',
  'commit-and-tag-version@12.7.3',
  'esbuild@0.28.2',
  'eslint@9.39.5',
  'fast-check@4.10.2',
  'jest@30.5.2',
  'jsii-docgen@10.12.6',
  'typescript-eslint@8.73.0',
  'velocityjs@2.1.7',
];

/** projen adds these unpinned. */
export function pinTools(project: awscdk.AwsCdkConstructLibrary): void {
  for (const [name, version] of [['jsii-diff', '1.134.0'], ['jsii-pacmak', '1.140.0']] as const) {
    project.deps.removeDependency(name, DependencyType.BUILD);
    project.deps.addDependency(`${name}@${version}`, DependencyType.BUILD);
  }
}
