import type { Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { AuthService } from '../../src';
import type { Answer, CallOptions } from '../service/support/client';
import { call } from '../service/support/client';
import type { Service } from '../service/support/service';
import { startService, stopServices, UNTHROTTLED } from '../service/support/service';
import { makeInStack, snippetWith } from './support/snippets';

afterAll(stopServices);

const PAGE = 'https://app.example.com';
const HANDLER = "exports.handler = async () => ({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '[]' });";

/** The API of README, as it is written there, around a function that names its page, as README says. */
function ofReadme(stack: Stack, auth: AuthService): void {
  const orders = new LambdaFunction(stack, 'Handler', { runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromInline(HANDLER) });
  makeInStack(stack, snippetWith('README.md', 'DEFAULT_4XX'), { auth, orders });
}

let service: Service;
let url: string;

beforeAll(async () => {
  service = await startService(UNTHROTTLED, { extend: ofReadme });
  url = `${service.instance.apis.find(({ logicalId }) => logicalId.startsWith('OrdersApi'))!.urls[0]!.replace(/\/$/, '')}/orders`;
}, 60_000);

const get = (options: CallOptions): Promise<Answer> => call('GET', url, { ...options, headers: { origin: PAGE } });
/** Whether a page of any origin may read an answer, and which of its headers beside the usual ones. */
const readable = ({ status, headers }: Answer) => [status, headers['access-control-allow-origin'], headers['access-control-expose-headers']];
const EXPOSED = 'WWW-Authenticate,Retry-After';

async function bearer(...scopes: string[]): Promise<string> {
  const user = await service.register();
  expect((await service.admin({ action: 'set-scopes', uid: user.uid, scopes })).ok).toBe(true);
  return (await service.login(user.email)).access_token;
}

describe('CO-01 a page reads every answer of an API of one\'s own that is made as README shows', () => {
  test('the preflight admits its header with the token', async () => {
    const headers = { 'origin': PAGE, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
    const preflight = await call('OPTIONS', url, { headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('*');
    expect(preflight.headers['access-control-allow-headers']).toContain('authorization');
    expect(preflight.headers['access-control-allow-methods']).toContain('GET');
  });

  test('200 of the function', async () => {
    expect(readable(await get({ bearer: await bearer('orders:read') }))).toEqual([200, '*', undefined]);
  });

  test('401 without a token and with a bad one, 403 without the scope: answers of API Gateway', async () => {
    expect(readable(await get({}))).toEqual([401, '*', EXPOSED]);
    expect(readable(await get({ bearer: 'nonsense' }))).toEqual([401, '*', EXPOSED]);
    expect(readable(await get({ bearer: await bearer() }))).toEqual([403, '*', EXPOSED]);
  });

  test('503 while the authorizer is out of order', async () => {
    const token = await bearer('orders:read');
    const fault = service.instance.faults.add({ service: 'dynamodb', caller: 'AuthFunctionsAuthorizer', resource: 'Revocations', effect: 'error' });
    const answer = await get({ bearer: token });
    service.instance.faults.remove(fault.id);
    expect(readable(answer)).toEqual([503, '*', EXPOSED]);
    expect(answer.headers['retry-after']).toBe('1');
  });
});
