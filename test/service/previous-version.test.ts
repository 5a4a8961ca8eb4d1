import path from 'node:path';
import type { Tokens } from './support/service';
import { PASSWORD, UNTHROTTLED, stopServices } from './support/service';
import { rotate } from './support/rotations';
import { VersionedService, earlierVersions, namesIn, previousBundles, removeVersions } from './support/versions';

const NOW = path.join(__dirname, '..', '..', 'assets');
const NEW_PASSWORD = `${PASSWORD} and more`;
/** The key set is published for this long before a key of it signs. */
const CACHE = 60;

const earlier = earlierVersions();
const absent = 'absentBecause' in earlier ? earlier.absentBecause : undefined;
// History is no tool that could be installed: without it there is nothing to compare with, under CI either. What was stored by releases is in
// test/contract/stored-formats.test.ts.
if (absent !== undefined) console.warn(`the bundles of the version before are not tried: ${absent}`);

/** What one version left behind, which every other one must honour. */
interface Left {
  readonly by: string;
  readonly email: string;
  readonly password: string;
  live: Tokens;
  readonly ended: Tokens;
  readonly invited: { readonly email: string; readonly invitation: string };
  readonly failedOnce: string;
}

const users: Left[] = [];
let running: VersionedService;

afterAll(async () => {
  await stopServices();
  removeVersions();
});

async function leave(by: string): Promise<void> {
  const { service } = running;
  const { email } = await service.register(`${by.replaceAll(/\W/g, '-')}@example.com`);
  const ended = await service.login(email);
  const live = await service.login(email);
  expect((await service.post('/logout', { refresh_token: ended.refresh_token })).status).toBe(204);
  const changed = await service.post('/me/password', { current_password: PASSWORD, new_password: NEW_PASSWORD }, { bearer: live.access_token });
  expect([by, changed.status]).toEqual([by, 200]);
  const failedOnce = (await service.register(`failed-${by.replaceAll(/\W/g, '-')}@example.com`)).email;
  expect((await service.post('/login', { email: failedOnce, password: 'not the right one' })).status).toBe(401);
  const invitedEmail = `invited-${by.replaceAll(/\W/g, '-')}@example.com`;
  const { token, invitation = token } = await service.admin({ action: 'invite', email: invitedEmail, scopes: ['orders:read'] });
  users.push({ by, email, password: NEW_PASSWORD, live: changed.body, ended, invited: { email: invitedEmail, invitation }, failedOnce });
}

/** Everything that any version left is as it was: what lives lives, what has ended has ended. */
async function honour(now: string): Promise<void> {
  const { service } = running;
  for (const user of users) {
    const where = `${user.by}, honoured by ${now}`;
    expect([where, (await service.me(user.live.access_token)).status]).toEqual([where, 200]);
    const refreshed = await service.refresh(user.live.refresh_token);
    expect([where, refreshed.status]).toEqual([where, 200]);
    user.live = { ...user.live, ...refreshed.body };
    expect([where, (await service.me(user.live.access_token)).status]).toEqual([where, 200]);
    expect([where, (await service.me(user.ended.access_token)).status]).toEqual([where, 401]);
    expect([where, (await service.refresh(user.ended.refresh_token)).status]).toEqual([where, 401]);
    expect([where, (await service.post('/login', { email: user.email, password: PASSWORD })).status]).toEqual([where, 401]);
    // This one is of the account's own counter, whose run it ends; the next one may be of the device's.
    expect([where, (await service.post('/login', { email: user.email, password: user.password })).status]).toEqual([where, 200]);
    // A device token of another version stands for the same device, or for none.
    const again = await service.post('/login', { email: user.email, password: user.password, device_token: user.live.device_token });
    expect([where, again.status]).toEqual([where, 200]);
    const sessions = (await service.call('GET', '/me/sessions', { bearer: again.body.access_token })).body.sessions as unknown[];
    expect(sessions.length).toBeGreaterThan(1);
    expect([where, (await service.login(user.failedOnce)).access_token.length > 0]).toEqual([where, true]);
  }
}

/** An invitation is good once, whoever made it. */
async function redeemInvitations(): Promise<void> {
  const { service } = running;
  for (const { by, invited } of users) {
    const redeem = () => service.post('/register', { ...invited, password: PASSWORD }, { from: service.newSource() });
    expect([by, (await redeem()).status]).toEqual([by, 201]);
    expect([by, (await redeem()).status]).not.toEqual([by, 201]);
  }
}

/** Both key sets are rotated by whichever version of the functions is there; then a new key signs. */
async function rotateAll(): Promise<void> {
  await rotate(running.service, 'signing');
  running.advance(2 * CACHE);
  await rotate(running.service, 'refresh');
  running.advance(2 * CACHE);
}

(absent === undefined ? describe : describe.skip)('the bundles of the version before, on the same data', () => {
  let before: string;

  beforeAll(async () => {
    if ('commits' in earlier) before = previousBundles(earlier.commits, NOW);
    // A fixed issuer: after a restart the local instance listens at another port.
    // Whether a user is honoured takes a failure each time, all of them on one day.
    const abuse = { registrationsPerHour: 1000, attemptsPerHour: 100, softLockAfter: 20 };
    running = new VersionedService({ ...UNTHROTTLED, abuse, tokens: { issuer: 'https://auth.example.com' } });
    await running.restart(NOW);
  });

  test('are there for every function of today that is not new', () => {
    expect(namesIn(NOW)).toEqual(running.functions);
    expect(namesIn(before).filter((name) => running.functions.includes(name)).length).toBeGreaterThanOrEqual(10);
  });

  test('update, rollback, update: each honours what the others left, and rotates their keys', async () => {
    await leave('today');
    for (const [name, assets] of [['the version before', before], ['today again', NOW]] as const) {
      await running.restart(assets);
      await honour(name);
      await leave(name);
      await rotateAll();
      await honour(`${name}, with rotated keys`);
    }
  });

  test('SE-17 an answer that was lost and replaced by one version harms nobody under the other', async () => {
    const { service } = running;
    const succeeds = async (where: string, token: string): Promise<string> => {
      const { status, body } = await service.refresh(token);
      expect([where, status]).toEqual([where, 200]);
      return body.refresh_token as string;
    };
    running.deploy(NOW, running.functions);
    const { refresh_token: first } = await service.newUser();
    const lost = await succeeds('today', first);
    running.advance(60);
    const replaced = await succeeds('today, the answer was lost', first);
    running.deploy(before, running.functions);
    const next = await succeeds('the version before goes on', replaced);
    expect(await succeeds('the version before repeats', replaced)).toBe(next);
    running.deploy(NOW, running.functions);
    running.advance(60);
    const last = await succeeds('today, an answer of the version before was lost', replaced);
    expect(await succeeds('today', last)).not.toBe(next);
    expect((await service.refresh(lost)).body.code).toBe('session_revoked');
  });

  test('canary: functions of both versions work side by side, whichever of them is the new one', async () => {
    const even = running.functions.filter((_, index) => index % 2 === 0);
    const odd = running.functions.filter((_, index) => index % 2 === 1);
    for (const [name, older, newer] of [['even ones before', even, odd], ['odd ones before', odd, even]] as const) {
      running.deploy(before, older);
      running.deploy(NOW, newer);
      await honour(name);
      await leave(name);
      await rotateAll();
      await honour(`${name}, with rotated keys`);
    }
    await redeemInvitations();
  });
});
