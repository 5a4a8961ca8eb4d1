/**
 * The functions of the service, each wired by its own composition as its bundle is. What is replaced is outside of them: the transports to
 * AWS, the clock, randomness and the cost of a hash. Nothing else of these suites imports from lambda/.
 */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall } from '@aws-sdk/util-dynamodb';
import { systemClock } from '../../../lambda/adapters/clock/system-clock';
import { GaugeLog } from '../../../lambda/adapters/log/gauge-log';
import { nodeCrypto } from '../../../lambda/adapters/node-crypto/crypto';
import { SignedTransport } from '../../../lambda/adapters/signed-http';
import { composeAdmin } from '../../../lambda/composition/admin';
import { composeAuthorizer } from '../../../lambda/composition/authorizer';
import { composeCredentials } from '../../../lambda/composition/credentials';
import { Environment } from '../../../lambda/composition/environment';
import { composeLogin } from '../../../lambda/composition/login';
import { composeLogout } from '../../../lambda/composition/logout';
import { composeProfile } from '../../../lambda/composition/profile';
import { composeRefresh } from '../../../lambda/composition/refresh';
import { composeRegister } from '../../../lambda/composition/register';
import { composeRotateKeys } from '../../../lambda/composition/rotate-keys';
import { createHandler as createAdmin } from '../../../lambda/handlers/admin/handler';
import { createHandler as createAuthorizer } from '../../../lambda/handlers/authorizer/handler';
import { credentialsEndpoints } from '../../../lambda/handlers/credentials/endpoints';
import { loginEndpoints } from '../../../lambda/handlers/login/endpoints';
import { logoutEndpoints } from '../../../lambda/handlers/logout/endpoints';
import { profileEndpoints } from '../../../lambda/handlers/profile/endpoints';
import { refreshEndpoints } from '../../../lambda/handlers/refresh/endpoints';
import { registerEndpoints } from '../../../lambda/handlers/register/endpoints';
import { createHandler as createRotateKeys } from '../../../lambda/handlers/rotate-keys/handler';
import { createApi } from '../../../lambda/http/api';
import type { Deadline } from '../../../lambda/ports/deadline';
import { caller } from './caller';
import { cheapHasher } from './hasher';
import { keyFactory } from './keys';
import { subtleAtOnce } from './subtle';

export type FunctionName = 'register' | 'login' | 'refresh' | 'logout' | 'profile' | 'credentials' | 'authorizer' | 'admin' | 'rotate-keys';

type Handler = (event: never, context: never) => Promise<unknown>;

export interface Container {
  invoke(event: unknown): Promise<unknown>;
}

/** A new container of a function: nothing cached but what its composition asks for at once. `strength` of the hash that it is configured with. */
export function startContainer(name: FunctionName, variables: Readonly<Record<string, string>>, strength: number): Container {
  const handler = COMPOSE[name](new Environment(variables), strength) as Handler;
  const context = {
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${name}:live`,
    getRemainingTimeInMillis: () => 10_000,
  };
  return { invoke: (event) => handler(event as never, context as never) };
}

const COMPOSE: Readonly<Record<FunctionName, (env: Environment, strength: number) => unknown>> = {
  register: (env, strength) => api({ ...composeRegister(env), hasher: cheapHasher(strength) }, registerEndpoints),
  login: (env, strength) => api(signingOnce({ ...composeLogin(env), hasher: cheapHasher(strength) }), loginEndpoints),
  refresh: (env) => api(signingOnce(composeRefresh(env)), refreshEndpoints),
  logout: (env) => api(composeLogout(env), logoutEndpoints),
  profile: (env, strength) => api({ ...composeProfile(env), hasher: cheapHasher(strength) }, profileEndpoints),
  credentials: (env, strength) => api(signingOnce({ ...composeCredentials(env), hasher: cheapHasher(strength) }), credentialsEndpoints),
  authorizer: (env) => createAuthorizer(quiet(composeAuthorizer(env))),
  admin: (env) => createAdmin(quiet({ ...composeAdmin(env), factory: keyFactory }) as Parameters<typeof createAdmin>[0]),
  'rotate-keys': (env) => createRotateKeys(quiet({
    ...composeRotateKeys(env), factory: keyFactory, reporter: { report: failing }, pause: async () => undefined,
  }) as Parameters<typeof createRotateKeys>[0]),
};

function api<D extends Parameters<typeof createApi>[0]>(deps: D, endpoints: (deps: D) => Parameters<typeof createApi>[1]): Handler {
  const silent = quiet(deps);
  return createApi(silent, endpoints(silent)) as Handler;
}

/** What CloudFormation is told of a failure is this function's answer here. */
async function failing(_url: string, { status }: { readonly status: string }): Promise<void> {
  if (status === 'FAILED') throw new Error('the deployment was told that it failed');
}

/** Events and lines of the log decide nothing; the time that a function has is what the explorer makes of it. */
function quiet<D extends object>(deps: D): D {
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
  const deadline: Deadline = { run: (_, work) => work(), keep: (work) => work() };
  return { ...deps, audit: { record: () => undefined }, log, deadline };
}

/** Equal claims have one token, so that a run that is repeated hands out what it handed out before. */
function signingOnce<D extends { readonly signer: { sign(claims: Readonly<Record<string, unknown>>): Promise<string> } }>(deps: D): D {
  const { signer } = deps;
  const tokens = new Map<string, string>();
  const sign = async (claims: Readonly<Record<string, unknown>>): Promise<string> => {
    const text = JSON.stringify(claims);
    const known = tokens.get(text);
    if (known !== undefined) return known;
    const token = await signer.sign(claims);
    tokens.set(text, token);
    return token;
  };
  return { ...deps, signer: { ready: () => (signer as unknown as { ready(): Promise<void> }).ready(), sign } };
}

// The surroundings of every function in this process: whoever it runs on behalf of.
Object.assign(GaugeLog.prototype, { report: () => undefined });
Object.assign(systemClock, { now: () => caller().now() });
// This file's own global: each test file of Jest has another one.
Object.defineProperty(globalThis, 'crypto', { value: { subtle: subtleAtOnce } });
Object.assign(nodeCrypto, { randomToken: (bytes: number) => caller().randomness.token(bytes), randomUuid: () => caller().randomness.uuid() });

interface SdkCommand {
  readonly constructor: { readonly name: string };
  readonly input: unknown;
}

Object.assign(DynamoDBDocumentClient.prototype, {
  send: (command: SdkCommand) => caller().send('dynamodb', command.constructor.name, command.input),
});
Object.assign(SecretsManagerClient.prototype, {
  send: (command: SdkCommand) => caller().send('secretsmanager', command.constructor.name, command.input),
});
Object.assign(SignedTransport.prototype, {
  /** Reads without the SDK: of one item, of one secret. */
  async send({ headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string }) {
    const answered = (answer: unknown, status = 200): object => ({ status, headers: {}, body: JSON.stringify(answer) });
    const input = JSON.parse(body);
    switch (headers['x-amz-target']) {
      case 'DynamoDB_20120810.GetItem': {
        const Key = Object.fromEntries(Object.entries(input.Key as Record<string, { S: string }>).map(([name, { S }]) => [name, S]));
        try {
          const { Item } = await caller().send('dynamodb', 'GetCommand', { ...input, Key }) as { Item?: object };
          return answered(Item === undefined ? {} : { Item: marshall(Item) });
        } catch (error) {
          // A refusal: what was lost would be asked for again after a pause, and has been lost three times then.
          return answered({ __type: (error as Error).name }, 400);
        }
      }
      case 'secretsmanager.GetSecretValue':
        try {
          return answered(await caller().send('secretsmanager', 'GetSecretValueCommand', input));
        } catch (error) {
          return answered({ __type: (error as Error).name }, 400);
        }
      default:
        throw new Error(`got ${headers['x-amz-target']}, which the explorer does not answer: add it to ${__filename}`);
    }
  },
});
