import { ProfileAttribute } from '../../src';
import { answersHead, Routes } from '../../src/contract/routes';
import type { Answer, CallOptions } from './support/client';
import { FRONT } from './support/front';
import { sendRaw } from './support/raw';
import type { Service, Tokens } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { Tables } from './support/tables';

afterAll(stopServices);

const PROPS = {
  ...UNTHROTTLED,
  profile: [ProfileAttribute.string('nickname', { maxLength: 64 }), ProfileAttribute.number('age', { min: 0, max: 150 })],
  abuse: { registrationsPerHour: 10_000, attemptsPerHour: 100, softLockAfter: 20, failedLoginsPerSource: 10_000 },
};
/** Names of what the service keeps about a user, a session or a credential, and what other products call it. */
const PRIVILEGED = [
  'role', 'roles', 'isAdmin', 'admin', 'email_verified', 'emailVerified', 'verified', 'sv', 'pv', 'uid', 'sub', 'user_id', 'status', 'scope', 'scopes', 'mfa',
  'amr', 'auth_time', 'authTime', 'createdAt', 'created_at', 'hash', 'passwordHash', 'password_hash', 'n', 'kv', 'salt', 'sid', 'state', 'op', 'v', 'ttl', 'pk', 'sk',
  'expiresAt', 'streak', 'locked', 'key',
];

let service: Service;
let tables: Tables;
let user: { email: string; uid: string } & Tokens;

beforeAll(async () => {
  service = await startService(PROPS);
  tables = new Tables(service);
  user = await service.newUser();
});

afterEach(() => {
  service.instance.faults.remove();
  service.instance.clock.reset();
});

/** A body that each writing route accepts, as long as nothing is added to it. */
function bodies(): Record<string, object> {
  return {
    'POST /register': { email: service.newEmail(), password: PASSWORD, profile: {} },
    'POST /login': { email: user.email, password: PASSWORD },
    'POST /token/refresh': { refresh_token: user.refresh_token },
    'POST /token/revoke': { token: user.refresh_token },
    'POST /logout': { refresh_token: user.refresh_token },
    'POST /logout/all': {},
    'PATCH /me': { profile: { nickname: 'Mike' } },
    'POST /me/password': { current_password: PASSWORD, new_password: `${PASSWORD} 2` },
  };
}

function send(route: string, options: CallOptions): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ');
  return service.call(method, path, { bearer: user.access_token, from: service.newSource(), ...options });
}

/** Everything that is stored, to compare before and after. The counters of attempts move with each attempt. */
async function stored(): Promise<string> {
  const rows = await Promise.all((['Users', 'Sessions', 'Revocations', 'Tickets'] as const).map((table) => tables.rows(table)));
  return JSON.stringify(rows.map((table) => table.map((row) => JSON.stringify(Object.entries(row).sort())).sort()));
}

/** DynamoDB calls of a function: no password is hashed before the first of them. */
function callsOf(caller: string, after: number): number {
  return service.instance.calls.list({ caller, after, service: 'dynamodb' }).length;
}

const lastCall = () => service.instance.calls.list().at(-1)?.sequence ?? 0;

describe('bodies', () => {
  test('T25 IN-01 no route takes a privileged attribute, and nothing is written', async () => {
    const before = await stored();
    for (const name of PRIVILEGED) {
      const answers = await Promise.all(Object.entries(bodies()).map(async ([route, body]) => [route, await send(route, { body: { ...body, [name]: 'admin' } })] as const));
      for (const [route, answer] of answers) expect([route, name, answer.status, answer.body.code]).toEqual([route, name, 400, 'validation_failed']);
      for (const value of ['admin', 1, true]) {
        const registered = await send('POST /register', { body: { email: service.newEmail(), password: PASSWORD, profile: { [name]: value } } });
        const changed = await send('PATCH /me', { body: { profile: { [name]: value } } });
        expect([name, registered.status, changed.status]).toEqual([name, 400, 400]);
      }
    }
    expect(await stored()).toBe(before);
  });

  test('T26 IN-02 IN-03 no route takes a body that two parsers could read in two ways', async () => {
    const before = await stored();
    for (const [route, body] of Object.entries(bodies())) {
      const json = JSON.stringify(body);
      const name = Object.keys(body)[0] ?? 'x';
      const open = json === '{}' ? '{' : `${json.slice(0, -1)},`;
      const malformed: [string, string | Buffer][] = [
        ['duplicate name', `{"${name}":"victim@example.com",${json.slice(1)}`],
        ['duplicate name, escaped', `{"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}":"x",${json.slice(1)}`],
        ['__proto__', `${open}"__proto__":{"isAdmin":true}}`],
        ['__proto__, escaped', `${open}"__pr\\u006fto__":{"isAdmin":true}}`],
        ['constructor', `${open}"constructor":{"prototype":{"isAdmin":true}}}`],
        ['depth', `${open}"x":${'['.repeat(3000)}${']'.repeat(3000)}}`],
        ['depth 6', `${open}"x":[[[[[1]]]]]}`],
        ['byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(json)])],
        ['UTF-16', Buffer.from(json, 'utf16le')],
        ['UTF-16 with mark', Buffer.from(`\ufeff${json}`, 'utf16le')],
        ['invalid UTF-8', Buffer.concat([Buffer.from(`${open}"x":"`), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
        ['overlong UTF-8', Buffer.concat([Buffer.from(`${open}"x":"`), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
        ['lone surrogate', `${open}"x":"\\ud800"}`],
        ['1e400', `${open}"x":1e400}`],
        ['list', `[${json}]`],
        ['string', JSON.stringify(json)],
        ['null', 'null'],
        ['number', '1'],
        ['two documents', `${json}${json}`],
        ['comment', `${json}// more`],
        ['single quotes', json.replaceAll('"', '\'')],
        ['NaN', `${open}"x":NaN}`],
        ['truncated', json.slice(0, -1)],
        ['trailing comma', `${json.slice(0, -1)},}`],
        ['NUL', `${json}\0`],
      ];
      for (const [kind, text] of malformed) {
        // `{}` is the same to all parsers in single quotes.
        if (json === '{}' && ['single quotes', 'duplicate name', 'duplicate name, escaped'].includes(kind)) continue;
        const answer = await send(route, { body: text });
        expect([route, kind, answer.status, answer.body.code]).toEqual([route, kind, 400, 'validation_failed']);
      }
      const types = ['text/plain', 'application/xml', 'text/json', 'application/json; charset=utf-16', 'application/json; charset=iso-8859-1', 'application/json, text/plain'];
      for (const type of types) {
        const answer = await send(route, { body: json, headers: { 'content-type': type } });
        expect([route, type, answer.status]).toEqual([route, type, 415]);
      }
      for (const encoding of ['gzip', 'br', 'deflate']) expect((await send(route, { body: json, headers: { 'content-encoding': encoding } })).status).toBe(415);
    }
    expect(await stored()).toBe(before);
    // AND no prototype was touched in any container: nobody is suddenly something else
    expect((await service.me(user.access_token)).body).not.toHaveProperty('isAdmin');
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
    expect((await send('POST /login', { body: bodies()['POST /login']! })).status).toBe(200);
  });

  test('T26 IN-02 no field takes another type than its own', async () => {
    const values = [null, 0, 1, true, false, [], ['a'], {}, { $ne: null }, { S: 'x' }, [['a']], { length: 20 }];
    for (const [route, body] of Object.entries(bodies())) {
      for (const name of Object.keys(body)) {
        for (const value of values) {
          if (name === 'profile' && JSON.stringify(value) === '{}') continue;
          const answer = await send(route, { body: { ...body, [name]: value } });
          expect([route, name, value, answer.status]).toEqual([route, name, value, 400]);
          expect(answer.text).not.toContain('$ne');
        }
      }
    }
    for (const value of [[], ['Mike'], {}, 1, true]) expect((await send('PATCH /me', { body: { profile: { nickname: value } } })).status).toBe(400);
    for (const value of ['1', '', [], {}, -1, 151, true]) expect((await send('PATCH /me', { body: { profile: { age: value } } })).status).toBe(400);
  });

  test('T35 PW-02 what is too long is refused before anything is read, counted or hashed', async () => {
    const after = lastCall();
    for (const route of ['POST /login', 'POST /register']) {
      const email = service.newEmail();
      const cases: [string, unknown, number][] = [
        ['1 MB password', { email, password: 'p'.repeat(1024 * 1024) }, 413],
        ['5 MB of members', Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`member-${index}`, 'x'.repeat(10)])), 413],
        ['5 MB of depth', '['.repeat(5 * 1024 * 1024), 413],
        ['9 KB', { email, password: PASSWORD, profile: { nickname: 'x'.repeat(9000) } }, 413],
        ['129 characters', { email, password: 'p'.repeat(129) }, 422],
        ['516 bytes', { email, password: '😀'.repeat(129) }, 422],
        ['8,000 characters that normalise to more', { email, password: '\ufdfa'.repeat(400) }, 422],
        ['255 bytes of address', { email: `${'a'.repeat(64)}@${'b.'.repeat(93)}com`.padEnd(255, 'm'), password: PASSWORD }, 400],
      ];
      for (const [name, body, status] of cases) {
        const answer = await send(route, { body });
        expect([route, name, answer.status]).toEqual([route, name, status]);
      }
    }
    expect(callsOf('AuthFunctionsLogin', after) + callsOf('AuthFunctionsRegister', after)).toBe(0);
    expect((await service.call('GET', '/me', { headers: { 'x-long': 'x'.repeat(10_240) } })).status).toBe(431);
    expect((await service.call('GET', '/me', { bearer: 'x'.repeat(8000) })).status).toBe(401);
    expect((await service.post('/login', Buffer.alloc(10 * 1024 * 1024 + 1, '['))).status).toBe(413);
  });

  test('T35 PW-04 passwords that differ after byte 72, in the case of a letter, by a NUL or a space are different passwords', async () => {
    const long = 'a long password has a hundred letters or so, which is more than the seventy-two bytes bcrypt looks at';
    const pairs = [[`${long}1`, `${long}2`], [`${long} x`, `${long} X`], [`${long}\0b`, `${long}\0c`], [`${long} `, long]] as const;
    for (const [password, other] of pairs) {
      expect(Buffer.byteLength(other)).toBeGreaterThan(73);
      const { email } = await service.register(undefined, password);
      expect((await service.post('/login', { email, password: other })).status).toBe(401);
      expect((await service.post('/login', { email, password })).status).toBe(200);
    }
  });
});

describe('addresses', () => {
  test('T20 ID-02 no spelling of another address becomes this one', async () => {
    await service.register('mike@example.com');
    await service.register('admins@example.com');
    await service.register('fish@example.com');
    const refused = [
      'mi\u212Ae@example.com', 'm\u0131ke@example.com', '\uFF4Dike@example.com', 'admin\u017F@example.com', '\uFB01sh@example.com', 'mike\uFF20example.com',
      'mike@exa\u200Bmple.com', 'mike@\u0435xample.com', 'mi\u043ae@example.com', 'mike@fa\u00df.de', 'mike@example.com\u0000', 'mike\u0301@example.com',
      '"mike"@example.com', '"a@evil.example x"@example.com', 'a@b\r\nBcc: mike@example.com', 'mike@example.com\r\n', 'mike@example.com.', 'mike@.example.com',
      'mike@example..com', '.mike@example.com', 'mi..ke@example.com', 'mike.@example.com', 'mike@[127.0.0.1]', 'mike@127.0.0.1', 'mike@localhost', 'mike@',
      '@example.com', 'mike', 'mike@evil.example@example.com', ' mike@example.com', 'mike@example.com ', 'mike @example.com', 'mike@exam ple.com',
      'mike@example.com,evil@evil.example', 'mike@example.com;evil@evil.example', '<mike@example.com>', 'Mike <mike@example.com>', 'mike@example.com?x',
      'mike@-example.com', 'mike@example-.com', 'mike@xn--example.com', 'mike@xn--', `${'m'.repeat(65)}@example.com`, `mike@${'a'.repeat(64)}.com`,
      `m@${'a.'.repeat(125)}com`, 'mike(comment)@example.com', 'mike%40example.com', 'mike\\@example.com', '\u202Emike@example.com',
    ];
    for (const email of refused) {
      for (const route of ['/register', '/login']) {
        const answer = await service.post(route, { email, password: PASSWORD }, { from: service.newSource() });
        expect([email, route, answer.status, answer.body.code]).toEqual([email, route, 400, 'validation_failed']);
        expect(answer.text).not.toContain('example.com');
      }
    }
    // Different people, however similar.
    for (const email of ['mike+tag@example.com', 'm.ike@example.com', 'mike@xn--fa-hia.de', 'mike@fass.de', 'mike@xn--xample-2of.com', 'o\'mike@example.com']) {
      expect([email, (await service.post('/login', { email, password: PASSWORD })).status]).toEqual([email, 401]);
      expect([email, (await service.register(email, PASSWORD)).email]).toEqual([email, email]);
    }
    // The same one in another case, and only that.
    for (const email of ['MIKE@example.com', 'Mike@EXAMPLE.COM']) {
      expect((await service.post('/register', { email, password: PASSWORD }, { from: service.newSource() })).status).toBe(409);
      expect((await service.post('/login', { email, password: PASSWORD })).status).toBe(200);
    }
    const addresses = (await tables.rows('Users')).map(({ pk }) => String(pk)).filter((pk) => pk.startsWith('EMAIL#')).map((pk) => pk.slice(6));
    for (const address of addresses) expect(address).toMatch(/^[\x21-\x7e]+@[a-z0-9.-]+$/);
    expect(addresses.filter((address) => /^mike@example\.com$/i.test(address))).toEqual(['mike@example.com']);
  });
});

describe('methods, headers and paths', () => {
  test('IN-06 only the listed methods reach a function; TRACE and OPTIONS do not, HEAD only where a GET is public', async () => {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'LINK'];
    const paths = [...new Set(Routes.map(({ path }) => path))];
    const requests = service.instance.requests().at(-1)?.sequence ?? 0;
    // CloudFront itself refuses methods that it does not know.
    const unknown = FRONT === 'rest' ? [] : ['TRACE', 'PROPFIND', 'LINK'];
    let sent = 0;
    for (const path of paths) {
      const isListed = (one: string) => Routes.some((route) => route.path === path && (route.method === one || (one === 'HEAD' && answersHead(route))));
      for (const method of methods.filter((one) => !isListed(one))) {
        const answer = await service.call(method, path.replace('{sid}', 'AAAAAAAAAAAAAAAAAAAAAA'), { bearer: user.access_token });
        expect([method, path, answer.status]).toEqual([method, path, unknown.includes(method) ? 403 : 404]);
        sent += 1;
      }
    }
    const seen = service.requests(requests);
    expect(seen).toHaveLength(sent);
    expect(seen.filter(({ route }) => route !== undefined)).toEqual([]);
    const { host, pathname } = new URL(service.url);
    for (const path of ['/', '/admin', '/REGISTER', '/login/..;/me', '/me/../register', '/.env', '/me/sessions/a/b', '/%2e%2e/login', '/me%2fsessions']) {
      const answer = await sendRaw(service.url, `POST ${pathname}${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  test('T26 IN-02 repeated headers are refused where they decide something', async () => {
    const { host, pathname } = new URL(service.url);
    const raw = (lines: string[], body = '') => sendRaw(service.url, [
      ...lines, `Host: ${host}`, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body,
    ].join('\r\n'));
    const bearer = `Authorization: Bearer ${user.access_token}`;
    expect((await raw([`GET ${pathname}/me HTTP/1.1`, bearer])).status).toBe(200);
    expect((await raw([`GET ${pathname}/me HTTP/1.1`, bearer, bearer])).status).toBe(401);
    expect((await raw([`GET ${pathname}/me HTTP/1.1`, 'Authorization: Bearer a.b.c', bearer])).status).toBe(401);
    expect((await raw([`GET ${pathname}/me HTTP/1.1`, `${bearer}, Bearer a.b.c`])).status).toBe(401);
    const login = JSON.stringify({ email: user.email, password: PASSWORD });
    const json = 'Content-Type: application/json';
    expect((await raw([`POST ${pathname}/login HTTP/1.1`, json], login)).status).toBe(200);
    expect((await raw([`POST ${pathname}/login HTTP/1.1`, json, 'Content-Type: text/plain'], login)).status).toBe(415);
    expect((await raw([`POST ${pathname}/login HTTP/1.1`, 'Content-Type: text/plain', json], login)).status).toBe(415);
    expect((await raw([`POST ${pathname}/login HTTP/1.1`, json, 'Origin: https://a.example', 'Origin: https://b.example'], login)).status).toBe(403);
    expect((await raw([`POST ${pathname}/login HTTP/1.1`, json, 'Content-Length: 5'], login)).status).toBe(400);
  });

  test('IN-02 JT-13 parameters and headers that pretend to be somebody are not read', async () => {
    const other = await service.newUser();
    const headers = { 'x-user-id': other.uid, 'x-user': other.uid, 'x-sub': other.uid, 'x-amzn-oidc-identity': other.uid, 'x-http-method-override': 'DELETE' };
    const answer = await service.call('GET', `/me?sub=${other.uid}&uid=${other.uid}&uid=x&__proto__[a]=b`, { bearer: user.access_token, headers });
    expect([answer.status, answer.body.sub]).toEqual([200, user.uid]);
    const overridden = await service.call('POST', '/login?_method=DELETE', { body: { email: user.email, password: PASSWORD }, headers: { 'x-http-method-override': 'GET' } });
    expect(overridden.status).toBe(200);
    expect((await service.me(other.access_token)).status).toBe(200);
  });
});

describe('what belongs to others', () => {
  test('IN-04 sessions of others are as unknown as sessions of nobody, and stay', async () => {
    const [alice, bob] = [await service.newUser(), await service.newUser()];
    const sidOf = ({ refresh_token: token }: Tokens) => token.split('.')[2]!;
    const foreign = [sidOf(bob), 'AAAAAAAAAAAAAAAAAAAAAA', `${sidOf(bob)}%20`, `${sidOf(alice)}%2C${sidOf(bob)}`, bob.uid, '%00', '*', '__proto__'];
    for (const sid of foreign) {
      const answer = await service.call('DELETE', `/me/sessions/${sid}`, { bearer: alice.access_token });
      expect([sid, answer.status, { ...answer.body, requestId: '' }]).toEqual([sid, 404, { type: 'about:blank', title: 'Not found', status: 404, code: 'not_found', requestId: '' }]);
    }
    const list = await service.call('GET', '/me/sessions', { bearer: alice.access_token });
    expect(list.body.sessions.map(({ sid }: { sid: string }) => sid)).toEqual([sidOf(alice)]);
    expect((await service.me(bob.access_token)).status).toBe(200);
    expect((await service.refresh(bob.refresh_token)).status).toBe(200);
    // A token for another purpose does not reach over either.
    const mixed = `${alice.refresh_token.split('.').slice(0, 2).join('.')}.${sidOf(bob)}.0.${alice.refresh_token.split('.')[4]}`;
    expect((await service.post('/logout', { refresh_token: mixed })).status).toBe(401);
    expect((await service.post('/token/revoke', { token: mixed })).status).toBe(200);
    expect((await service.post('/logout/all', {}, { bearer: alice.access_token })).status).toBe(204);
    expect((await service.me(bob.access_token)).status).toBe(200);
  });

  test('IN-04 SE-02 answers hold the listed fields and nothing of what is stored beside them', async () => {
    const { access_token: bearer } = await service.newUser();
    expect(Object.keys((await service.me(bearer)).body).sort()).toEqual(['created_at', 'email', 'profile', 'scope', 'sub']);
    const changed = await service.call('PATCH', '/me', { bearer, body: { profile: { nickname: 'M' } } });
    expect(Object.keys(changed.body).sort()).toEqual(['created_at', 'email', 'profile', 'scope', 'sub']);
    const [session] = (await service.call('GET', '/me/sessions', { bearer })).body.sessions;
    expect(Object.keys(session).sort()).toEqual(['created_at', 'current', 'device', 'expires_at', 'last_used_at', 'sid']);
    expect(Object.keys((await service.post('/register', { email: service.newEmail(), password: PASSWORD }, { from: service.newSource() })).body)).toEqual(['sub']);
  });
});
