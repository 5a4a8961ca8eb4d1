import type { Answer } from './support/client';
import { VERIFICATION, VERIFIER } from './support/front';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

/** What one HTTP call cost its function, in units of DynamoDB: tables, indexes and transactions as AWS charges them. */
interface Cost {
  readonly status: number;
  readonly reads: number;
  readonly writes: number;
}

const WRONG = 'a wrong password of some length';
const NEW_PASSWORD = 'another horse battery staple 43';

/**
 * The budgets that docs/benchmarks.md puts a price on: the usual path, warm functions. A new process also reads the published key set,
 * and every minute again.
 */
describe('capacity units', () => {
  let service: Service;

  beforeAll(async () => {
    // One process a function: the second call is a warm one.
    service = await startService({ ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } }, { instance: { concurrency: 1 } });
    const user = await service.newUser();
    const { body: fresh } = await service.refresh(user.refresh_token);
    const changed = await changePassword(fresh.access_token);
    await service.me(changed.body.access_token);
    await service.post('/logout', { refresh_token: changed.body.refresh_token });
    await service.call('POST', '/logout/all', { bearer: (await service.newUser()).access_token });
  });

  afterAll(stopServices);

  function changePassword(bearer: string): Promise<Answer> {
    return service.post('/me/password', { current_password: PASSWORD, new_password: NEW_PASSWORD }, { bearer });
  }

  async function costOf(caller: string, act: () => Promise<Answer>): Promise<Cost> {
    const after = service.instance.calls.list().at(-1)?.sequence ?? 0;
    const { status } = await act();
    const calls = service.instance.calls.list({ after, service: 'dynamodb' });
    // Whatever else the instance did meanwhile belongs to who verifies the token, or the measurement is wrong.
    expect(calls.filter((call) => !call.caller?.startsWith(caller) && !call.caller?.startsWith(VERIFIER))).toEqual([]);
    const own = calls.filter((call) => call.caller?.startsWith(caller));
    const sum = (unit: 'readUnits' | 'writeUnits') => own.reduce((total, call) => total + (call[unit] ?? 0), 0);
    return { status, reads: sum('readUnits'), writes: sum('writeUnits') };
  }

  test('register: 0 reads, 8 writes', async () => {
    const cost = await costOf('AuthFunctionsRegister', () => service.post('/register', { email: service.newEmail(), password: PASSWORD }, { from: service.newSource() }));
    expect(cost).toEqual({ status: 201, reads: 0, writes: 8 });
  });

  test('AA-12 SE-12 login: 3 reads, half of one for its source and half for the cap of sessions, 4 writes, with failures before it or without', async () => {
    const { email } = await service.register();
    const login = (password = PASSWORD) => costOf('AuthFunctionsLogin', () => service.post('/login', { email, password }));
    expect(await login()).toEqual({ status: 200, reads: 3, writes: 4 });
    expect(await login(WRONG)).toEqual({ status: 401, reads: 2.5, writes: 3 });
    expect(await login()).toEqual({ status: 200, reads: 3, writes: 4 });
    expect(await login()).toEqual({ status: 200, reads: 3, writes: 4 });
  });

  test('login from a known device: no read of the source', async () => {
    const { email, device_token: device } = await service.newUser();
    const cost = await costOf('AuthFunctionsLogin', () => service.post('/login', { email, password: PASSWORD, device_token: device }));
    expect(cost).toEqual({ status: 200, reads: 2.5, writes: 4 });
  });

  test('refresh: 2 reads, 1 write; the same successor once more: 2 reads, no write', async () => {
    const { refresh_token: token } = await service.newUser();
    const refresh = () => costOf('AuthFunctionsRefresh', () => service.refresh(token));
    expect(await refresh()).toEqual({ status: 200, reads: 2, writes: 1 });
    expect(await refresh()).toEqual({ status: 200, reads: 2, writes: 0 });
  });

  test('logout: 1 read, 2 writes', async () => {
    const { refresh_token: token } = await service.newUser();
    const cost = await costOf('AuthFunctionsLogout', () => service.post('/logout', { refresh_token: token }));
    expect(cost).toEqual({ status: 204, reads: 1, writes: 2 });
  });

  test('authorize: 1 read; profile: 1 read', async () => {
    const { access_token: bearer } = await service.newUser();
    const after = service.instance.calls.list().at(-1)!.sequence;
    expect(await costOf('AuthFunctionsProfile', () => service.me(bearer))).toEqual({ status: 200, reads: 1 + VERIFICATION, writes: 0 });
    const [read, ...more] = service.instance.calls.list({ after, caller: VERIFIER, resource: 'Revocations' });
    expect(read).toMatchObject({ operation: 'GetItem', readUnits: 1 });
    expect(more).toEqual([]);
  });

  test('authorize: a revoked session costs the same read', async () => {
    const user = await service.newUser();
    await service.post('/logout', { refresh_token: user.refresh_token });
    expect(await costOf(VERIFIER, () => service.me(user.access_token))).toEqual({ status: 401, reads: 1, writes: 0 });
  });

  test('logout everywhere: 4 writes, and the read of the verification where the function does it', async () => {
    const { access_token: bearer } = await service.newUser();
    const cost = await costOf('AuthFunctionsLogout', () => service.call('POST', '/logout/all', { bearer }));
    expect(cost).toEqual({ status: 204, reads: VERIFICATION, writes: 4 });
  });

  test('password change: 2 reads, 11 writes, and the read of the verification where the function does it', async () => {
    const { access_token: bearer } = await service.newUser();
    const cost = await costOf('AuthFunctionsCredentials', () => changePassword(bearer));
    expect(cost).toEqual({ status: 200, reads: 2 + VERIFICATION, writes: 11 });
  });
});
