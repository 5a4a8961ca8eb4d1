import { Duration } from 'aws-cdk-lib';
import { randomBytes } from 'node:crypto';
import { loggedIn, ORIGIN } from './support/browser';
import type { Answer } from './support/client';
import type { Service, Tokens } from './support/service';
import { until } from './support/rotations';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const ROUNDS = 100;
const RACERS = 50;
const LIMITS = { abuse: { registrationsPerHour: 1000 } };

function statuses(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));

describe('refresh with the default grace', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, ...LIMITS });
  });

  test(`T02 SE-05 WB-06 ${RACERS} parallel refreshes of one token, ${ROUNDS} rounds: one successor each round, nobody is logged out`, async () => {
    let { refresh_token: token } = await service.newUser();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const answers = await Promise.all(Array.from({ length: RACERS }, () => service.refresh(token)));
      expect([round, statuses(answers)]).toEqual([round, { 200: RACERS }]);
      const successors = new Set(answers.map(({ body }) => body.refresh_token));
      expect([round, successors.size]).toEqual([round, 1]);
      [token] = successors as unknown as [string];
      // The generation stands in the token: one rotation a round.
      expect(Number(token.split('.')[3])).toBe(round);
    }
    expect((await service.refresh(token)).status).toBe(200);
    expect(service.audit('refresh_reuse')).toEqual([]);
    expect(service.audit('session_ended')).toEqual([]);
  });

  test('T02 the containers on either side of a rotation of the refresh keys hand out the same successor', async () => {
    const { refresh_token: token } = await service.newUser();
    const rotations = () => service.audit('keys_rotated').length;
    const before = rotations();
    await service.admin({ action: 'rotate-now', keyset: 'refresh' });
    // GIVEN warm containers that hold the old keys, and the rotation under way or done
    const during = await Promise.all(Array.from({ length: 20 }, () => service.refresh(token)));
    await until(() => rotations() > before);
    service.instance.recycle('AuthFunctionsLogin');
    // WHEN cold logins make sessions under the new key and warm refresh containers meet them
    const fresh = await Promise.all(Array.from({ length: 8 }, () => service.newUser()));
    const answers = await Promise.all(fresh.map(({ refresh_token }) => service.refresh(refresh_token)));
    expect(statuses(during)).toEqual({ 200: 20 });
    expect(new Set(during.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect(statuses(answers)).toEqual({ 200: 8 });
    expect((await service.refresh(during[0]!.body.refresh_token)).status).toBe(200);
  });

  test('T03 SE-04 a replayed generation ends the session, its successors and its access tokens', async () => {
    const first = await service.newUser();
    const second = (await service.refresh(first.refresh_token)).body;
    const third = (await service.refresh(second.refresh_token)).body;
    service.advance(11);
    const replay = await service.refresh(first.refresh_token);
    expect([replay.status, replay.body.code]).toEqual([401, 'session_revoked']);
    expect((await service.refresh(third.refresh_token)).body.code).toBe('session_revoked');
    for (const { access_token } of [first, second, third]) expect((await service.me(access_token)).status).toBe(401);
    const events = service.audit('refresh_reuse').filter(({ uid }) => uid === first.uid);
    expect(events).toHaveLength(1);
  });

  test('T03 SE-04 a generation of 29 days ago is still known for ours', async () => {
    const user = await service.newUser();
    let token = user.refresh_token;
    for (let week = 0; week < 4; week += 1) {
      service.advance(7 * 86_400);
      token = (await service.refresh(token)).body.refresh_token;
    }
    service.advance(86_400);
    const replay = await service.refresh(user.refresh_token);
    expect([replay.status, replay.body.code]).toEqual([401, 'session_revoked']);
    expect((await service.refresh(token)).body.code).toBe('session_revoked');
    expect(service.audit('refresh_reuse').some(({ uid }) => uid === user.uid)).toBe(true);
  });

  test('an older generation within the grace is refused and harms nobody', async () => {
    const first = await service.newUser();
    const second = (await service.refresh(first.refresh_token)).body;
    const third = (await service.refresh(second.refresh_token)).body;
    const late = await service.refresh(first.refresh_token);
    expect([late.status, late.body.code]).toEqual([409, 'refresh_superseded']);
    expect((await service.refresh(third.refresh_token)).status).toBe(200);
  });

  test('T04 SE-09 JT-09 logout beside refresh, 200 rounds: no token of the session lives afterwards', async () => {
    const { email } = await service.register();
    let device = (await service.login(email)).device_token;
    for (let round = 0; round < 200; round += 1) {
      const session: Tokens = (await service.post('/login', { email, password: PASSWORD, device_token: device })).body;
      device = session.device_token;
      const [logout, refreshed] = await Promise.all([service.post('/logout', { refresh_token: session.refresh_token }), service.refresh(session.refresh_token)]);
      expect([round, logout.status]).toEqual([round, 204]);
      expect([200, 401]).toContain(refreshed.status);
      const held = [session.access_token, ...refreshed.status === 200 ? [refreshed.body.access_token] : []];
      for (const token of held) expect([round, (await service.me(token)).status]).toEqual([round, 401]);
      const successor = refreshed.status === 200 ? refreshed.body.refresh_token : session.refresh_token;
      expect([round, (await service.refresh(successor)).status]).toEqual([round, 401]);
    }
  });

  test('T47 SE-04 a thousand forged tokens with a known session id are plain 401 and harm nobody', async () => {
    const victim = await service.newUser();
    const [, kv, sid] = victim.refresh_token.split('.');
    expect(claims(victim.access_token).sid).toBe(sid);
    for (let batch = 0; batch < 20; batch += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => service.refresh(`rt1.${kv}.${sid}.${index % 3}.${randomBytes(32).toString('base64url')}`)));
      expect(statuses(answers)).toEqual({ 401: 50 });
      expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(['invalid_token']));
      expect(answers.flatMap(({ setCookie }) => setCookie)).toEqual([]);
    }
    expect(service.audit('refresh_reuse').filter(({ uid }) => uid === victim.uid)).toEqual([]);
    expect((await service.refresh(victim.refresh_token)).status).toBe(200);
    expect((await service.me(victim.access_token)).status).toBe(200);
  });

  test('T39 SE-17 a client that lost the answer retries within the grace, within the window, and after it logs in again; other sessions stay', async () => {
    const { email, uid } = await service.register();
    const laptop = await service.login(email);
    const phone = await service.login(email);
    const lost = (await service.refresh(laptop.refresh_token)).body;
    expect((await service.refresh(laptop.refresh_token)).body.refresh_token).toBe(lost.refresh_token);
    service.advance(60);
    const late = await service.refresh(laptop.refresh_token);
    expect([late.status, late.body.refresh_token === lost.refresh_token]).toEqual([200, false]);
    expect((await service.me(late.body.access_token)).status).toBe(200);
    expect(service.audit('refresh_answer_replaced').filter((event) => event.uid === uid)).toHaveLength(1);
    service.advance(3600);
    expect((await service.refresh(laptop.refresh_token)).body.code).toBe('session_revoked');
    expect(service.audit('refresh_reuse').filter((event) => event.uid === uid)).toHaveLength(1);
    expect((await service.refresh(phone.refresh_token)).status).toBe(200);
  });

  test('SE-17 SE-04 owner and thief with the same token: the second turn of one of them ends the session for both', async () => {
    for (const order of [['owner', 'thief'], ['thief', 'owner']] as const) {
      const { refresh_token: shared, uid } = await service.newUser();
      const held = new Map<string, Tokens>();
      for (const who of order) {
        const answer = await service.refresh(shared);
        expect([who, answer.status]).toEqual([who, 200]);
        held.set(who, answer.body);
        service.advance(60);
      }
      // Whoever came first holds the burnt one.
      const [first, second] = order;
      expect((await service.refresh(held.get(first)!.refresh_token)).body.code).toBe('session_revoked');
      expect((await service.refresh(held.get(second)!.refresh_token)).body.code).toBe('session_revoked');
      expect((await service.refresh(shared)).body.code).toBe('session_revoked');
      for (const { access_token: token } of held.values()) expect((await service.me(token)).status).toBe(401);
      expect(service.audit('refresh_reuse').filter((event) => event.uid === uid)).toHaveLength(1);
    }
  });

  test('SE-17 a late parent beside the use of its successor, over and over: never two living successors', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { refresh_token: parent } = await service.newUser();
      const { refresh_token: successor } = (await service.refresh(parent)).body;
      service.advance(11);
      const [late, used] = await Promise.all([service.refresh(parent), service.refresh(successor)]);
      expect(['200 409', '401 200']).toContain(`${late.status} ${used.status}`);
      const last = late.status === 200 ? late : used;
      expect((await service.refresh(last.body.refresh_token)).status).toBe(late.status === 200 ? 200 : 401);
    }
  });

  test('SE-06 SE-08 refreshing never moves the absolute end', async () => {
    const user = await service.newUser();
    let token = user.refresh_token;
    for (const days of [10, 10, 9]) {
      service.advance(days * 86_400);
      token = (await service.refresh(token)).body.refresh_token;
    }
    service.advance(2 * 86_400);
    const answer = await service.refresh(token);
    expect([answer.status, answer.body.code]).toEqual([401, 'session_expired']);
  });

  test('SE-07 a session that is not used for the idle time ends', async () => {
    const user = await service.newUser();
    service.advance(15 * 86_400);
    expect((await service.refresh(user.refresh_token)).body.code).toBe('session_expired');
  });

  test('SE-11 SE-15 a disabled user is refused at the next refresh and the next call', async () => {
    const user = await service.newUser();
    await service.admin({ action: 'disable', uid: user.uid });
    expect((await service.refresh(user.refresh_token)).status).toBe(401);
    expect((await service.me(user.access_token)).status).toBe(401);
  });
});

describe('refresh in two tabs with one cookie', () => {
  test('SE-17 WB-06 the slower answer overwrites the cookie with the older successor, and the next refresh still works', async () => {
    const service = await startService({ ...UNTHROTTLED, ...LIMITS, webApp: { origins: [ORIGIN] } });
    for (const seconds of [0, 11, 900]) {
      const { browser } = await loggedIn(service);
      // GIVEN both tabs refresh at once, and the browser has the answer of one of them
      const slower = await browser.post('/token/refresh');
      const older = browser.jar.get('rt')!;
      expect(slower.status).toBe(200);
      // AND the page goes on and refreshes once more
      service.advance(30);
      expect((await browser.post('/token/refresh')).status).toBe(200);
      // WHEN the answer of the other tab arrives, with the successor that both were given
      browser.jar.set('rt', older);
      service.advance(seconds);
      const next = await browser.post('/token/refresh');
      // THEN nobody is logged out, and the session goes on
      expect([seconds, next.status]).toEqual([seconds, 200]);
      service.advance(11);
      expect((await browser.post('/token/refresh')).status).toBe(200);
    }
    expect(service.audit('refresh_reuse')).toEqual([]);
  });
});

describe('refresh without a window for lost answers', () => {
  test('SE-17 a parent that comes back after the grace is reuse (RFC 9700 section 4.14.2)', async () => {
    const service = await startService({ ...UNTHROTTLED, ...LIMITS, tokens: { lostAnswerWindow: Duration.seconds(0) } });
    const user = await service.newUser();
    const { body: successor } = await service.refresh(user.refresh_token);
    service.advance(9);
    expect((await service.refresh(user.refresh_token)).body.refresh_token).toBe(successor.refresh_token);
    service.advance(2);
    expect((await service.refresh(user.refresh_token)).body.code).toBe('session_revoked');
    expect((await service.me(successor.access_token)).status).toBe(401);
  });
});

describe('refresh without grace', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService({ ...UNTHROTTLED, ...LIMITS, tokens: { concurrentRefreshGrace: Duration.seconds(0) } });
  });

  test('T02 one of fifty racers gets a successor, then the session is ended', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await service.newUser();
      const answers = await Promise.all(Array.from({ length: RACERS }, () => service.refresh(user.refresh_token)));
      expect(statuses(answers)).toEqual({ 200: 1, 401: 49 });
      expect(answers.filter(({ status }) => status === 401).flatMap(({ setCookie }) => setCookie)).toEqual([]);
      const winner = answers.find(({ status }) => status === 200)!;
      expect((await service.refresh(winner.body.refresh_token)).body.code).toBe('session_revoked');
      expect((await service.me(winner.body.access_token)).status).toBe(401);
    }
  });

  test('SE-17 RFC 9700: without a grace there is no window either, at once and later', async () => {
    for (const seconds of [0, 60]) {
      const user = await service.newUser();
      const { body: successor } = await service.refresh(user.refresh_token);
      service.advance(seconds);
      expect((await service.refresh(user.refresh_token)).body.code).toBe('session_revoked');
      expect((await service.refresh(successor.refresh_token)).body.code).toBe('session_revoked');
    }
  });
});
