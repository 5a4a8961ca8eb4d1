import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { AuthFunctionName } from '../../src';
import { Env } from '../../src/contract/environment';
import { construct } from './support/synth';

/** Tables that transactions of the user store reach into: read when the first one runs. */
const LATER: readonly string[] = [Env.REVOCATIONS_TABLE, Env.TICKETS_TABLE, Env.SESSIONS_TABLE];

/** Loads a bundle as Lambda does, prints the variables that it looks at on the way, and ends before it can call anybody. */
const LOAD = `
  const read = new Set();
  process.env = new Proxy({ ...process.env }, { get: (env, name) => { read.add(String(name)); return env[name]; } });
  require(process.argv[1]);
  process.stdout.write(JSON.stringify([...read]), () => process.exit(0));
`;

const { stack, auth } = construct({ webApp: { origins: ['https://app.example.com'] } });

function environmentOf(name: AuthFunctionName): Record<string, string> {
  const { variables } = stack.resolve((auth.function(name).node.defaultChild as CfnFunction).environment) as { variables: Record<string, unknown> };
  // Names and ARNs are known only at deployment.
  return Object.fromEntries(Object.entries(variables).map(([variable, value]) => [variable, typeof value === 'string' ? value : 'https://deployed.example']));
}

test.each(Object.values(AuthFunctionName))('%s starts with the environment that it is given, and needs all of it', (name) => {
  const given = environmentOf(name);
  const output = execFileSync(process.execPath, ['-e', LOAD, join(__dirname, '..', '..', 'assets', name)], {
    // What Lambda sets itself.
    env: { ...given, AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    encoding: 'utf8',
  });
  const read: string[] = JSON.parse(output);
  expect(Object.keys(given).filter((variable) => !read.includes(variable) && !LATER.includes(variable))).toEqual([]);
});
