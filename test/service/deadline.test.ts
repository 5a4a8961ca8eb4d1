import { Duration } from 'aws-cdk-lib';
import { AuthFunctionName } from '../../src';
import type { Answer } from './support/client';
import { FRONT } from './support/front';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

/** A function, cold, and one request to it. */
interface Case {
  readonly caller: string;
  readonly success: number;
  /** What the request needs; made by other functions, which nothing hangs for. */
  prepare(): Promise<any>;
  act(subject: any): Promise<Answer>;
}

interface Run {
  readonly fault: string;
  readonly status: number;
  readonly wrong: readonly string[];
}

/** Far less than the patience of all the calls that a cold function makes. Hashing takes its time where many suites share a processor. */
const timeoutOf = (name: AuthFunctionName) => Duration.seconds(HASHING.includes(name) ? 8 : 4);
const HASHING = [AuthFunctionName.REGISTER, AuthFunctionName.LOGIN, AuthFunctionName.CREDENTIALS];
const NEW_PASSWORD = `${PASSWORD} and more`;

let service: Service;

beforeAll(async () => {
  const shortened = Object.values(AuthFunctionName).filter((name) => name !== AuthFunctionName.ROTATE_KEYS);
  service = await startService({
    ...UNTHROTTLED,
    abuse: { registrationsPerHour: 1000 },
    functions: { overrides: shortened.map((name) => ({ name, timeout: timeoutOf(name) })) },
  }, { instance: { concurrency: 1 } });
});
afterAll(stopServices);

const user = () => service.newUser();
const administer = async (event: object): Promise<Answer> => {
  const body = await service.admin(event);
  // As HTTP would say it.
  const headers = body.error?.retryAfter === undefined ? {} : { 'retry-after': String(body.error.retryAfter) };
  const status = body.ok ? 200 : body.error?.code === 'unavailable' ? 503 : 500;
  return { status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: body.error, text: JSON.stringify(body) } as unknown as Answer;
};

const cases: Readonly<Partial<Record<AuthFunctionName, Case>>> = {
  [AuthFunctionName.REGISTER]: {
    caller: 'AuthFunctionsRegister', success: 201, prepare: async () => service.newEmail(),
    act: (email: string) => service.post('/register', { email, password: PASSWORD }, { from: service.newSource() }),
  },
  [AuthFunctionName.LOGIN]: {
    caller: 'AuthFunctionsLogin', success: 200, prepare: () => service.register(), act: ({ email }) => service.post('/login', { email, password: PASSWORD }),
  },
  [AuthFunctionName.REFRESH]: { caller: 'AuthFunctionsRefresh', success: 200, prepare: user, act: ({ refresh_token: token }) => service.refresh(token) },
  [AuthFunctionName.LOGOUT]: {
    caller: 'AuthFunctionsLogout', success: 204, prepare: user, act: ({ refresh_token }) => service.post('/logout', { refresh_token }),
  },
  [AuthFunctionName.PROFILE]: { caller: 'AuthFunctionsProfile', success: 200, prepare: user, act: ({ access_token }) => service.me(access_token) },
  [AuthFunctionName.CREDENTIALS]: {
    caller: 'AuthFunctionsCredentials', success: 200, prepare: user,
    act: ({ access_token: bearer }) => service.post('/me/password', { current_password: PASSWORD, new_password: NEW_PASSWORD }, { bearer }),
  },
  [AuthFunctionName.DISCOVERY]: {
    caller: 'AuthFunctionsDiscovery', success: 200, prepare: async () => undefined, act: () => service.call('GET', '/.well-known/jwks.json'),
  },
  // Behind CloudFront nothing of the service's own asks it.
  ...FRONT === 'rest' ? {
    [AuthFunctionName.AUTHORIZER]: { caller: 'AuthFunctionsAuthorizer', success: 200, prepare: user, act: ({ access_token }) => service.me(access_token) },
  } : {},
  [AuthFunctionName.ADMIN]: {
    caller: 'AuthFunctionsAdmin', success: 200, prepare: () => service.register(), act: ({ email }) => administer({ action: 'find', email }),
  },
};

const functionOf = ({ caller }: Case): string => service.instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith(caller))!.logicalId;

/** The calls of a cold function for one request, those that it makes while it is loaded included. */
async function callsOf(one: Case): Promise<number> {
  const subject = await one.prepare();
  service.instance.recycle(functionOf(one));
  const after = service.instance.calls.list().at(-1)?.sequence ?? 0;
  const answer = await one.act(subject);
  if (answer.status !== one.success) throw new Error(`${one.caller} answered ${answer.status} ${answer.text}`);
  return service.instance.calls.list({ after, caller: one.caller }).length;
}

type Fault = { readonly effect: 'timeout' | 'delay'; readonly skip?: number; readonly delayMs?: number };

/** One after the other for each function; functions beside each other, but for the authorizer, which others wait for. */
async function runAll(faultsOf: (calls: number) => Fault[]): Promise<Run[]> {
  const plans: { one: Case; faults: Fault[]; subjects: unknown[] }[] = [];
  for (const one of Object.values(cases)) {
    const faults = faultsOf(await callsOf(one));
    const subjects: unknown[] = [];
    while (subjects.length < faults.length) subjects.push(await one.prepare());
    plans.push({ one, faults, subjects });
  }
  const execute = async ({ one, faults, subjects }: (typeof plans)[number]): Promise<Run[]> => {
    const runs: Run[] = [];
    for (const [index, fault] of faults.entries()) runs.push(await run(one, fault, subjects[index]));
    return runs;
  };
  const first = plans.filter(({ one }) => one !== cases.authorizer);
  const runs = (await Promise.all(first.map(execute))).flat();
  for (const last of plans.filter((plan) => !first.includes(plan))) runs.push(...await execute(last));
  return runs;
}

async function run(one: Case, fault: Fault, subject: unknown): Promise<Run> {
  service.instance.recycle(functionOf(one));
  const { id } = service.instance.faults.add({ caller: one.caller, ...fault });
  const answer = await one.act(subject);
  service.instance.faults.remove(id);
  return { fault: `${one.caller}: ${JSON.stringify(fault)}`, status: answer.status, wrong: answer.status === one.success ? [] : outage(answer) };
}

/** 503 in words of ours, with when to come back (RS-02). */
function outage({ status, headers, body, text }: Answer): string[] {
  const expected = status === 503 && Number(headers['retry-after']) > 0 && headers['content-type'] === 'application/problem+json' && body?.code === 'unavailable';
  return expected ? [] : [`answered ${status} ${headers['content-type']} ${headers['retry-after']} ${text}`];
}

const cutOff = () => service.instance.logs().filter(({ text }) => /Task timed out/.test(text)).map(({ text }) => text);

describe('a dependency that hangs', () => {
  test('every function that answers is among the cases', () => {
    const outside = FRONT === 'rest' ? [AuthFunctionName.ROTATE_KEYS] : [AuthFunctionName.ROTATE_KEYS, AuthFunctionName.AUTHORIZER];
    expect(Object.keys(cases).sort()).toEqual(Object.values(AuthFunctionName).filter((name) => !outside.includes(name)).sort());
  });

  test('RS-05 T30 T31 T32 from the k-th call of each function on: 503 in the function\'s own words before its time is over', async () => {
    const runs = await runAll((calls) => Array.from({ length: calls }, (_, skip) => ({ effect: 'timeout', skip })));
    expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(runs.filter(({ status }) => status === 503).length).toBeGreaterThan(Object.keys(cases).length);
    expect(cutOff()).toEqual([]);
    // AND each serves again as soon as its dependencies do
    for (const one of Object.values(cases)) expect([one.caller, (await one.act(await one.prepare())).status]).toEqual([one.caller, one.success]);
  });

  test('RS-05 all calls slow, none too slow: together they have the time of one request', async () => {
    const runs = await runAll(() => [{ effect: 'delay', delayMs: 700 }]);
    expect(runs.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(cutOff()).toEqual([]);
  });
});
