// Capacity units of each operation, and what a thousand of them cost.
import { prices } from './prices.ts';
import { PASSWORD } from './support/password.ts';
import { median, section } from './support/report.ts';
import type { Row } from './support/report.ts';
import { startService } from './support/service.ts';
import type { Answer } from './support/service.ts';

const TURNS = 7;
const AT_MOST = 0.01;
const service = await startService();
const { instance } = service;

/** Functions that ran, by their prefix, with memory in GB. */
const memory = (caller: string): number => instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith(caller))!.memoryMb / 1024;

let users = 0;
async function newUser(): Promise<{ email: string; access: string; refresh: string }> {
  const email = `user.${users += 1}@example.com`;
  await service.post('/register', { email, password: PASSWORD });
  const { body } = await service.post('/login', { email, password: PASSWORD });
  return { email, access: body.access_token!, refresh: body.refresh_token! };
}
type User = Awaited<ReturnType<typeof newUser>>;
const bearer = ({ access }: User) => ({ authorization: `Bearer ${access}` });

async function operation(name: string, caller: string, authorized: boolean, act: (user: User) => Promise<Answer>): Promise<Row> {
  const seconds: number[] = [];
  let units = { reads: 0, writes: 0 };
  let logged = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const user = await newUser();
    const after = instance.calls.list().at(-1)!.sequence;
    const written = instance.logs().at(-1)!.sequence;
    const started = performance.now();
    const { status } = await act(user);
    // The first turns warm the functions up.
    if (turn > 1) seconds.push((performance.now() - started) / 1000);
    if (status >= 300) throw new Error(`${name} answered ${status}`);
    const calls = instance.calls.list({ after, service: 'dynamodb' });
    // Metrics aside, which a process writes once a minute.
    logged = instance.logs().filter(({ sequence, text }) => sequence > written && !text.includes('"type":"gauge"')).reduce((sum, { text }) => sum + text.length, 0);
    units = { reads: calls.reduce((sum, { readUnits = 0 }) => sum + readUnits, 0), writes: calls.reduce((sum, { writeUnits = 0 }) => sum + writeUnits, 0) };
  }
  // The whole answer counts as the duration of every function in it: more than Lambda would bill.
  const gigabytes = memory(caller) + (authorized ? memory('AuthFunctionsAuthorizer') : 0);
  const compute = median(seconds) * gigabytes * prices.gigabyteSecond * 1000 + prices.lambdaRequests / 1000 * (authorized ? 2 : 1);
  const store = (units.reads * prices.readUnits + units.writes * prices.writeUnits) / 1000;
  const front = (prices.restRequests + prices.firewallRequests) / 1000;
  const total = compute + store + front;
  const parts = `tables ${store.toFixed(5)}, functions ${compute.toFixed(5)}, front ${front.toFixed(5)}`;
  return { what: name, measured: `${units.reads} reads, ${units.writes} writes, ${logged} bytes of audit and access log: $${total.toFixed(4)} (${parts})`, target: `< $${AT_MOST}`, met: total < AT_MOST };
}

const rows = [
  await operation('register', 'AuthFunctionsRegister', false, () => service.post('/register', { email: `other.${users += 1}@example.com`, password: PASSWORD })),
  await operation('login', 'AuthFunctionsLogin', false, ({ email }) => service.post('/login', { email, password: PASSWORD })),
  await operation('refresh', 'AuthFunctionsRefresh', false, ({ refresh }) => service.post('/token/refresh', { refresh_token: refresh })),
  await operation('logout', 'AuthFunctionsLogout', false, ({ refresh }) => service.post('/logout', { refresh_token: refresh })),
  await operation('profile, authorized', 'AuthFunctionsProfile', true, (user) => service.get('/me', bearer(user))),
  await operation('logout everywhere, authorized', 'AuthFunctionsLogout', true, (user) => service.post('/logout/all', {}, bearer(user))),
  await operation('password change, authorized', 'AuthFunctionsCredentials', true,
    (user) => service.post('/me/password', { current_password: PASSWORD, new_password: `${PASSWORD} and more` }, bearer(user))),
];
await service.stop();

section('Capacity units and cost of a thousand operations', 'cost',
  `Units as the local DynamoDB counts them, indexes and transactions included (test/service/capacity.test.ts holds them), with the list prices
of bench/prices.ts. The front is a REST API and a web ACL. Durations are those of whole answers on this machine, so functions cost less
than shown; one CPU here is not one of Lambda. What logs, traces, alarms and idle resources cost is not in it: docs/settings.md has it.`, rows);
