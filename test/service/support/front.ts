import type { ApiOptions } from '../../../src';
import { AuthApi, Firewall } from '../../../src';

/** What stands before the functions: the REST API, or CloudFront with the HTTP API behind it. */
export type Front = 'rest' | 'http';

const NAMES: Readonly<Record<Front, string>> = { rest: 'REST API', http: 'HTTP API' };

function frontOf(name = 'rest'): Front {
  if (name !== 'rest' && name !== 'http') throw new Error(`AUTH_FRONT is ${name}, it can be rest or http`);
  return name;
}

/** Of this run of the suites, from the environment variable AUTH_FRONT. */
export const FRONT = frontOf(process.env.AUTH_FRONT);

/** The API of this run. */
export function apiOfFront(options: ApiOptions): AuthApi {
  return FRONT === 'rest' ? AuthApi.rest(options) : AuthApi.http(options);
}

/** Neither front has a web ACL with it; the HTTP API is behind CloudFront all the same. */
export const NO_FIREWALL = FRONT === 'rest' ? Firewall.disabled() : Firewall.centrallyManaged();

/** Logical id, or its beginning, of the function that verifies the access token of `GET /me`. */
export const VERIFIER = FRONT === 'rest' ? 'AuthFunctionsAuthorizer' : 'AuthFunctionsProfile';

/** Reads by which a function with a verified token is dearer, because it verifies itself. */
export const VERIFICATION = FRONT === 'rest' ? 0 : 1;

/** Header in which API Gateway names its id of a request, which is the one in the functions' logs. */
export const REQUEST_ID = FRONT === 'rest' ? 'x-amzn-requestid' : 'apigw-requestid';

/** A case that only one front has. The run behind the other one shows it as skipped, with the reason in its title. */
export function testOnlyBehind(front: Front, reason: string): (title: string, run: () => unknown) => void {
  return (title, run) => (FRONT === front ? test : test.skip)(`${title} (${NAMES[front]} only: ${reason})`, async () => void await run());
}
