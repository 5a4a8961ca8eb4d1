import { marshall } from '@aws-sdk/util-dynamodb';
import { ProfileAttribute } from '../../src';
import { Routes } from '../../src/contract/routes';
import type { Answer, CallOptions } from './support/client';
import { call } from './support/client';
import { FRONT, REQUEST_ID } from './support/front';
import type { Service, Tokens } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { Tables } from './support/tables';

afterAll(stopServices);

const DAY = 86_400;
const WRONG = 'not the password at all';
const OTHER_PASSWORD = 'another battery staple 43';

let service: Service;
let tables: Tables;

beforeAll(async () => {
  service = await startService({
    ...UNTHROTTLED, profile: [ProfileAttribute.string('nickname')], abuse: { registrationsPerHour: 10_000, attemptsPerHour: 100 },
  });
  tables = new Tables(service);
});

const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));
const sidOf = ({ refresh_token: token }: Tokens) => token.split('.')[2]!;
const nowSeconds = () => Math.floor(service.instance.clock.now() / 1000);

async function dynamoDb(control: object): Promise<void> {
  expect((await call('POST', `${service.instance.servicesUrl}/_local/dynamodb`, { body: control })).status).toBe(200);
}

const change = (bearer: string, current: string, next: string) =>
  service.post('/me/password', { current_password: current, new_password: next }, { bearer });

describe('T15 SE-08 items that DynamoDB has not deleted yet', () => {
  beforeAll(() => dynamoDb({ sweeper: false }));
  afterAll(() => dynamoDb({ sweeper: true }));

  test('T15 an expired session is no session, and it is in no list', async () => {
    const user = await service.newUser();
    service.advance(31 * DAY);
    expect((await service.refresh(user.refresh_token)).body.code).toBe('session_expired');
    const later = await service.login(user.email);
    const { sessions } = (await service.call('GET', '/me/sessions', { bearer: later.access_token })).body;
    expect(sessions.map(({ sid }: { sid: string }) => sid)).toEqual([sidOf(later)]);
    expect((await tables.rows('Sessions')).some(({ sid }) => sid === sidOf(user))).toBe(true);
  });

  test('T15 an expired invitation invites nobody', async () => {
    const email = service.newEmail();
    const invite = async () => (await service.admin({ action: 'invite', email })).invitation;
    const register = (invitation: string) => service.post('/register', { email, password: PASSWORD, invitation }, { from: service.newSource() });
    const invitation = await invite();
    service.advance(7 * DAY + 1);
    const late = await register(invitation);
    expect([late.status, late.body.code]).toEqual([403, 'invitation_invalid']);
    expect((await tables.rows('Tickets')).some((ticket) => ticket.email === email)).toBe(true);
    expect((await register(await invite())).status).toBe(201);
    expect((await tables.rows('Tickets')).filter((ticket) => ticket.email === email)).toHaveLength(1);
  });

  test('T15 a counter of more than a year ago counts nothing', async () => {
    const { email } = await service.register();
    for (let failure = 0; failure < 5; failure += 1) expect((await service.post('/login', { email, password: WRONG })).status).toBe(401);
    expect((await service.post('/login', { email, password: PASSWORD })).status).toBe(429);
    const kept = (await tables.rows('Attempts')).length;
    service.advance(366 * DAY);
    for (let failure = 0; failure < 4; failure += 1) expect((await service.post('/login', { email, password: WRONG })).status).toBe(401);
    expect((await service.post('/login', { email, password: PASSWORD })).status).toBe(200);
    // The account goes on with its item; the source has one for each hour.
    expect((await tables.rows('Attempts')).length).toBe(kept + 1);
  });

  test('T15 JT-09 a revocation is still there when the last token that it refuses has expired, however eager the sweeper', async () => {
    const [one, all] = [await service.newUser(), await service.newUser()];
    await service.post('/logout', { refresh_token: one.refresh_token });
    await service.post('/logout/all', {}, { bearer: all.access_token });
    const rows = await tables.rows('Revocations');
    for (const { uid, access_token: token } of [one, all]) {
      const { key, ttl } = rows.find((row) => row.key === `U#${uid}`)!;
      expect([key, ttl >= claims(token).exp + 30]).toEqual([key, true]);
    }
    const start = service.instance.clock.offsetMs;
    for (const seconds of [60, 840, 899, 929, 931, 1000, 5000]) {
      service.instance.clock.set(start + seconds * 1000);
      await dynamoDb({ sweepExpired: true });
      for (const { access_token: token } of [one, all]) expect([seconds, (await service.me(token)).status]).toEqual([seconds, 401]);
    }
    expect((await tables.rows('Revocations')).filter(({ key }) => key === `U#${one.uid}` || key === `U#${all.uid}`)).toEqual([]);
  });
});

test('DB-03 every ephemeral item says in epoch seconds when it may go, and nothing else does', async () => {
  const user = await service.newUser();
  await service.post('/login', { email: user.email, password: WRONG });
  await service.refresh(user.refresh_token);
  await service.admin({ action: 'invite', email: service.newEmail() });
  await service.post('/logout', { refresh_token: user.refresh_token });
  for (const table of ['Sessions', 'Attempts', 'Tickets', 'Revocations', 'Users'] as const) {
    const items = await tables.items(table);
    expect([table, items.length > 0]).toEqual([table, true]);
    for (const item of items) {
      if (table === 'Users' || item.key?.S?.startsWith('KEYS#')) {
        expect(item).not.toHaveProperty('ttl');
      } else {
        expect([table, item.ttl]).toEqual([table, { N: expect.stringMatching(/^\d{10}$/) }]);
        expect([table, Number(item.ttl!.N) > nowSeconds() - 31 * DAY, Number(item.ttl!.N) < nowSeconds() + 5 * 365 * DAY]).toEqual([table, true, true]);
      }
    }
  }
  const [mine] = (await tables.rows('Sessions')).filter(({ sid }) => sid === sidOf(user));
  expect(mine!.ttl).toBeGreaterThan(nowSeconds() + 29 * DAY);
});

describe('SE-12 own sessions', () => {
  test('SE-12 SE-11 the list shows what lives, newest first; ending one ends that one', async () => {
    const { email } = await service.register();
    const agents = ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15', 'curl/8.5.0', ''];
    const sessions: Tokens[] = [];
    for (const agent of agents) {
      sessions.push(await service.login(email, PASSWORD, agent === '' ? {} : { headers: { 'user-agent': agent } }));
      service.advance(2);
    }
    const list = async (bearer: string) => (await service.call('GET', '/me/sessions', { bearer })).body.sessions as Record<string, unknown>[];
    const [first, second, third] = sessions as [Tokens, Tokens, Tokens];
    const shown = await list(third.access_token);
    expect(shown.map(({ sid }) => sid)).toEqual([sidOf(third), sidOf(second), sidOf(first)]);
    expect(shown.map(({ current }) => current)).toEqual([true, false, false]);
    for (const { device } of shown) expect(String(device)).toMatch(/^[\x20-\x7e]{1,64}$/);
    const end = (bearer: string, of: Tokens) => service.call('DELETE', `/me/sessions/${sidOf(of)}`, { bearer });
    expect((await end(third.access_token, first)).status).toBe(204);
    expect((await service.me(first.access_token)).status).toBe(401);
    expect((await service.refresh(first.refresh_token)).body.code).toBe('session_revoked');
    expect((await list(third.access_token)).map(({ sid }) => sid)).toEqual([sidOf(third), sidOf(second)]);
    expect((await service.me(second.access_token)).status).toBe(200);
    expect((await end(third.access_token, third)).status).toBe(204);
    expect((await service.me(third.access_token)).status).toBe(401);
    expect((await service.refresh(second.refresh_token)).status).toBe(200);
  });

  test('SE-12 SE-16 the list comes in pages of the size that is asked for; any other question is refused', async () => {
    const { email } = await service.register();
    const sessions: Tokens[] = [];
    for (let i = 0; i < 5; i += 1) sessions.push(await service.login(email));
    await service.post('/logout', { refresh_token: sessions[2]!.refresh_token });
    const bearer = sessions[0]!.access_token;
    const page = (query: string) => service.call('GET', `/me/sessions${query}`, { bearer });
    const first = (await page('?limit=3')).body;
    const second = (await page(`?next=${encodeURIComponent(first.next)}&limit=3&utm_source=mail`)).body;
    expect([first.sessions.length, second.sessions.length, second.next]).toEqual([3, 1, undefined]);
    const seen = [...first.sessions, ...second.sessions].map(({ sid }: { sid: string }) => sid);
    expect(seen.sort()).toEqual([0, 1, 3, 4].map((index) => sidOf(sessions[index]!)).sort());
    const next = (await page('?limit=1')).body.next as string;
    const wrong = { limit: ['?limit=0', '?limit=101', '?limit=', '?limit=1e1', '?limit=%201', '?limit=01', '?limit=-1', '?limit=1&limit=1'], next: ['?next=', '?next=x', `?next=${next}%3D`, `?next=${next}&next=${next}`, '?next=%00'] };
    for (const [name, queries] of Object.entries(wrong)) {
      for (const query of queries) {
        const { status, body } = await page(query);
        expect([query, status, body.code, body.errors?.[0]?.pointer]).toEqual([query, 400, 'validation_failed', `/${name}`]);
      }
    }
  });

  test('SE-12 above 96 sessions ended one by one within the life of a token the version ends them all', async () => {
    const { email, uid } = await service.register();
    const [first, second, third] = [await service.login(email), await service.login(email), await service.login(email)];
    expect((await service.post('/logout', { refresh_token: first.refresh_token })).status).toBe(204);
    // GIVEN 94 more of the last minutes
    const item = async () => (await tables.rows('Revocations')).find(({ key }) => key === `U#${uid}`)!;
    const { ttl, ...entry } = await item();
    await tables.put('Revocations', marshall({ ...entry, ttl, ...Object.fromEntries(Array.from({ length: 94 }, (_, index) => [`s#${String(index).padStart(22, '0')}`, ttl])) }));
    expect((await service.post('/logout', { refresh_token: second.refresh_token })).status).toBe(204);
    expect((await service.me(third.access_token)).status).toBe(200);
    const [last, bystander] = [await service.login(email), await service.login(email)];
    expect((await service.post('/logout', { refresh_token: last.refresh_token })).status).toBe(204);
    for (const session of [first, second, third, last, bystander]) expect((await service.me(session.access_token)).status).toBe(401);
    expect((await item()).minSv).toBe(2);
    expect((await service.me((await service.login(email)).access_token)).status).toBe(200);
  });
});

describe('T13 RS-04 the same request twice at once and again after five seconds', () => {
  async function thrice(send: () => Promise<Answer>): Promise<Answer[]> {
    const twice = await Promise.all([send(), send()]);
    service.advance(5);
    return [...twice, await send()];
  }

  const statuses = (answers: Answer[]) => answers.map(({ status }) => status).sort();
  const profileOf = async (uid: string) => (await tables.rows('Users')).find(({ pk, sk }) => pk === `USER#${uid}` && sk === 'PROFILE');

  test('T13 register makes one account', async () => {
    const email = service.newEmail();
    const answers = await thrice(() => service.post('/register', { email, password: PASSWORD }, { from: service.newSource() }));
    expect(statuses(answers)).toEqual([201, 409, 409]);
    expect((await service.admin({ action: 'find', email })).users).toHaveLength(1);
  });

  test('T13 login opens a session for each answer and no other', async () => {
    const { email, uid } = await service.register();
    const answers = await thrice(() => service.post('/login', { email, password: PASSWORD }));
    expect(statuses(answers)).toEqual([200, 200, 200]);
    const stored = (await tables.rows('Sessions')).filter((session) => session.uid === uid).map(({ sid }) => sid);
    expect(stored.sort()).toEqual(answers.map(({ body }) => sidOf(body)).sort());
  });

  test('T13 refresh rotates once', async () => {
    const user = await service.newUser();
    const answers = await thrice(() => service.refresh(user.refresh_token));
    expect(statuses(answers)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    expect((await tables.rows('Sessions')).find(({ sid }) => sid === sidOf(user))!.n).toBe(1);
  });

  test('T13 logout, revocation and the end of a session end it once', async () => {
    const { email, uid } = await service.register();
    const [bearer, ...others] = await Promise.all(Array.from({ length: 4 }, () => service.login(email)));
    const [one, two, three] = others as [Tokens, Tokens, Tokens];
    expect(statuses(await thrice(() => service.post('/logout', { refresh_token: one.refresh_token })))).toEqual([204, 204, 204]);
    expect(statuses(await thrice(() => service.post('/token/revoke', { token: two.refresh_token })))).toEqual([200, 200, 200]);
    expect(statuses(await thrice(() => service.call('DELETE', `/me/sessions/${sidOf(three)}`, { bearer: bearer!.access_token })))).toEqual([204, 204, 204]);
    const revoked = (await tables.rows('Revocations')).find(({ key }) => key === `U#${uid}`)!;
    expect(Object.keys(revoked).filter((name) => name.startsWith('s#')).sort()).toEqual(others.map((tokens) => `s#${sidOf(tokens)}`).sort());
    expect((await service.me(bearer!.access_token)).status).toBe(200);
  });

  test('T13 logout everywhere raises the version once', async () => {
    const user = await service.newUser();
    const answers = await thrice(() => service.post('/logout/all', {}, { bearer: user.access_token }));
    for (const status of statuses(answers)) expect([204, 401]).toContain(status);
    expect(answers[2]!.status).toBe(401);
    expect((await profileOf(user.uid))!.sv).toBe(2);
  });

  test('T13 a profile is changed to the same', async () => {
    const user = await service.newUser();
    const answers = await thrice(() => service.call('PATCH', '/me', { bearer: user.access_token, body: { profile: { nickname: 'Mike' } } }));
    expect(statuses(answers)).toEqual([200, 200, 200]);
    expect((await profileOf(user.uid))!.profile).toEqual({ nickname: 'Mike' });
  });

  test('T13 a password is changed once', async () => {
    const user = await service.newUser();
    const answers = await thrice(() => change(user.access_token, PASSWORD, OTHER_PASSWORD));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 401, 409]).toContain(status);
    expect(await profileOf(user.uid)).toMatchObject({ sv: 2, pv: 2 });
    const live = (await tables.rows('Sessions')).filter(({ uid, state, sv }) => uid === user.uid && state === 'live' && sv >= 2);
    expect(live.map(({ sid }) => sid)).toEqual([sidOf(answers.find(({ status }) => status === 200)!.body)]);
  });

  test('T13 T45 ID-01 an account is deleted once, and its address starts anew', async () => {
    const user = await service.newUser();
    const answers = await thrice(() => service.call('DELETE', '/me', { bearer: user.access_token, body: { password: PASSWORD } }));
    expect(answers.some(({ status }) => status === 204)).toBe(true);
    for (const { status } of answers) expect([204, 401, 409]).toContain(status);
    const again = await service.register(user.email);
    expect(again.uid).not.toBe(user.uid);
    expect((await service.refresh(user.refresh_token)).status).toBe(401);
    expect((await service.me(user.access_token)).status).toBe(401);
    expect((await service.me((await service.login(user.email)).access_token)).body.sub).toBe(again.uid);
  });
});

test('T46 LG-01 each route leaves exactly the stated event in success and in failure', async () => {
  const user = await service.newUser();
  const seen = new Set<string>();
  const agent = 'audit-test/1.0';
  /** The events of one request, and that each says who, what, whence and when. */
  const expectEvents = async (route: string, options: CallOptions, events: string[]): Promise<Answer> => {
    const [method = '', path = ''] = route.split(' ');
    seen.add(`${method} ${path.replace(/(?<=sessions\/).+/, '{sid}')}`);
    const before = service.audit().length;
    const sent = nowSeconds();
    const from = service.newSource();
    const answer = await service.call(method, path, { from, ...options, headers: { 'user-agent': agent, 'x-correlation-id': 'trace-1', ...options.headers } });
    const left = service.audit().slice(before);
    expect([route, answer.status, left.map(({ event, outcome }) => `${event} ${outcome}`)]).toEqual([route, answer.status, events]);
    for (const event of left) {
      expect(event).toMatchObject({
        type: 'audit', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), service: expect.any(String), source_ip: from,
        operation: byAuthorizer(event) ? 'authorize' : `${method} ${path.replace(/(?<=sessions\/).+/, '{sid}')}`,
        request_id: answer.headers[REQUEST_ID], correlation_id: 'trace-1', user_agent: expect.stringMatching(/^[\w-]{16}$/),
      });
      expect(Math.floor(Date.parse(String(event.time)) / 1000)).toBeGreaterThanOrEqual(sent);
      // The name of that one says why.
      if (event.event === 'token_revocation_ignored') expect(event.reason).toBeUndefined();
      else if (event.outcome === 'failure') expect(event.reason).toEqual(expect.stringMatching(/^[a-z_:]+$/));
      else expect(event.uid).toEqual(expect.any(String));
      expect(JSON.stringify(event)).not.toContain(agent);
    }
    return answer;
  };
  /** Behind an HTTP API the function itself verifies tokens, in the name of its route. */
  const byAuthorizer = ({ event, operation }: Record<string, unknown>) => FRONT === 'rest' && (event === 'token_refused' || operation === 'authorize');
  const refused = 'request_refused failure';
  const bearer = user.access_token;
  const { email } = user;
  const fresh = service.newEmail();
  await expectEvents('POST /register', { body: { email: fresh, password: PASSWORD } }, ['registration_succeeded success']);
  await expectEvents('POST /register', { body: { email: fresh, password: PASSWORD } }, ['registration_refused failure']);
  await expectEvents('POST /register', { body: { email: service.newEmail(), password: 'short' } }, ['registration_refused failure']);
  await expectEvents('POST /register', { body: { role: 'admin' } }, [refused]);
  const login = (await expectEvents('POST /login', { body: { email, password: PASSWORD } }, ['login_succeeded success'])).body;
  await expectEvents('POST /login', { body: { email, password: WRONG } }, ['login_failed failure']);
  await expectEvents('POST /login', { body: { email: service.newEmail(), password: WRONG } }, ['login_failed failure']);
  await expectEvents('POST /login', { body: '{' }, [refused]);
  for (let failure = 0; failure < 4; failure += 1) await service.post('/login', { email, password: WRONG });
  await expectEvents('POST /login', { body: { email, password: PASSWORD } }, ['login_limited failure']);
  const { refresh_token: successor } = (await expectEvents('POST /token/refresh', { body: { refresh_token: login.refresh_token } }, ['refresh_succeeded success'])).body;
  await expectEvents('POST /token/refresh', { body: { refresh_token: 'rt1.forged' } }, ['refresh_refused failure']);
  await expectEvents('POST /token/refresh', { body: {} }, [refused]);
  service.advance(11);
  await expectEvents('POST /token/refresh', { body: { refresh_token: login.refresh_token } }, ['refresh_answer_replaced success']);
  service.advance(11);
  await expectEvents('POST /token/refresh', { body: { refresh_token: successor } }, ['refresh_reuse failure']);
  await expectEvents('POST /token/refresh', { body: { refresh_token: login.refresh_token } }, ['refresh_refused failure']);
  await expectEvents('GET /me', { bearer }, []);
  await expectEvents('GET /me', { bearer: login.access_token }, ['token_refused failure']);
  await expectEvents('GET /me', { bearer: 'a.b.c' }, ['token_refused failure']);
  await expectEvents('GET /me/sessions', { bearer }, []);
  await expectEvents('PATCH /me', { bearer, body: { profile: { nickname: 'Mike' } } }, ['profile_changed success']);
  await expectEvents('PATCH /me', { bearer, body: { profile: { unknown: 'Mike' } } }, ['profile_change_refused failure']);
  await expectEvents('PATCH /me', { bearer, body: {} }, [refused]);
  await expectEvents('POST /me/password', { bearer, body: { current_password: WRONG, new_password: OTHER_PASSWORD } }, ['password_change_failed failure']);
  const changed = await expectEvents('POST /me/password', { bearer, body: { current_password: PASSWORD, new_password: OTHER_PASSWORD } }, ['password_changed success']);
  service.advance(3600);
  const next = await service.login(email, OTHER_PASSWORD);
  const last = await service.login(email, OTHER_PASSWORD);
  await expectEvents(`DELETE /me/sessions/${sidOf(changed.body)}`, { bearer: next.access_token }, ['session_ended success']);
  await expectEvents('DELETE /me/sessions/AAAAAAAAAAAAAAAAAAAAAA', { bearer: next.access_token }, ['session_end_refused failure']);
  await expectEvents('POST /logout', { body: { refresh_token: last.refresh_token } }, ['logout_succeeded success']);
  await expectEvents('POST /logout', { body: {} }, ['logout_refused failure']);
  const third = await service.login(email, OTHER_PASSWORD);
  await expectEvents('POST /token/revoke', { body: { token: third.access_token } }, ['token_revoked success']);
  await expectEvents('POST /token/revoke', { body: { token: 'nothing of ours' } }, ['token_revocation_ignored failure']);
  await expectEvents('POST /logout/all', { bearer: next.access_token, body: {} }, ['sessions_ended success']);
  await expectEvents('POST /logout/all', { bearer: next.access_token, body: {} }, ['token_refused failure']);
  const final = await service.login(email, OTHER_PASSWORD);
  await expectEvents('DELETE /me', { bearer: final.access_token, body: { password: WRONG } }, ['account_deletion_refused failure']);
  await expectEvents('DELETE /me', { bearer: final.access_token, body: { password: OTHER_PASSWORD } }, ['account_deleted success']);
  for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/health']) await expectEvents(`GET ${path}`, {}, []);
  const other = await service.newUser();
  // The keys are fresh: what is asked for next is the revocations.
  await service.me(other.access_token);
  service.instance.faults.add({ service: 'dynamodb', effect: 'error' });
  await expectEvents('POST /login', { body: { email: fresh, password: PASSWORD } }, ['dependency_unavailable failure']);
  await expectEvents('GET /me', { bearer: other.access_token }, ['dependency_unavailable failure']);
  service.instance.faults.remove();
  expect(Routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !seen.has(route))).toEqual([]);
});
