import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PasswordHashing } from '../../src';
import type { Answer } from './support/client';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { Tables } from './support/tables';

const folders: string[] = [];

afterAll(async () => {
  await stopServices();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const PROPS = { ...UNTHROTTLED, serviceName: 'acme-login', abuse: { registrationsPerHour: 10_000, attemptsPerHour: 100, softLockAfter: 20, failedLoginsPerSource: 10_000 } };
const OTHER_PASSWORD = 'another battery staple 43';
/** 15 code points and 29 UTF-16 units. */
const EMOJI = '😀🚀🐍🍕🎩💡🔑🍋🚗🎲🐙🌵🎈🧭x';
/** So many characters that are no pattern. */
const varied = (count: number, from = 0x61, of = 128): string =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(from + ((index * 11 + 7 + Math.floor(index / of)) % of))).join('');
/** 128 letters of one byte. */
const LONGEST = varied(128, 0x61, 26);
const sidOf = (token: string) => token.split('.')[2]!;

async function hashOf(service: Service, email: string): Promise<string> {
  return (await new Tables(service).rows('Users')).find(({ pk }) => pk === `EMAIL#${email}`)!.hash;
}

describe('the rules of passwords', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService(PROPS);
  });

  afterEach(() => service.instance.clock.reset());

  /** Offers a password at registration and at a change: the same rules hold. */
  async function offer(password: string): Promise<[number, string | undefined]> {
    const email = service.newEmail();
    const answer = await service.post('/register', { email, password }, { from: service.newSource() });
    if (answer.status === 201) {
      expect((await service.post('/login', { email, password })).status).toBe(200);
      return [201, undefined];
    }
    const user = await service.newUser();
    const change = await service.post('/me/password', { current_password: PASSWORD, new_password: password }, { bearer: user.access_token });
    expect([change.status, change.body.code]).toEqual([answer.status, answer.body.code]);
    return [answer.status, answer.body.code];
  }

  test.each<[string, string, string | undefined]>([
    ['PW-01 14 emoji, 28 units', '😀'.repeat(14), 'password_too_short'],
    ['PW-01 14 letters', 'qzvkwmxjrtplhs', 'password_too_short'],
    ['PW-01 15 code points', EMOJI, undefined],
    ['PW-01 15 letters', 'qzvkwmxjrtplhsd', undefined],
    ['PW-02 64 characters of four bytes', varied(64, 0x1f300), undefined],
    ['PW-02 128 characters', LONGEST, undefined],
    ['PW-02 129 characters', `${LONGEST}x`, 'password_too_long'],
    ['PW-02 128 characters of four bytes, 512 bytes', varied(128, 0x1f300), undefined],
    ['PW-03 lower-case words', 'seven brown birds sing at noon in may', undefined],
    ['PW-03 spaces and emoji', `  tulips   for 😀  and  🚀  `, undefined],
    ['PW-06 a common password', '123456789012345', 'password_compromised'],
    ['PW-06 a common password in another case', 'QwertyuiopAsdfghjkl', 'password_compromised'],
    ['PW-06 the example of the README', 'correct horse battery staple 42', 'password_compromised'],
    ['PW-12 four distinct characters', 'abbacaddabbacadd', 'password_too_simple'],
    ['PW-12 nothing to be seen', '\u200B\u200C\u200D\u2060\uFEFF\u00AD '.repeat(3), 'password_too_simple'],
    ['PW-12 a repeated unit', 'tulip marmot tulip marmot', 'password_too_simple'],
    ['PW-12 a plain sequence, backwards and in capitals', 'ZYXWVUTSRQPONMLKJI', 'password_too_simple'],
    ['PW-06 PW-12 a listed word and a sequence', 'Pa$$w0rd12345678', 'password_too_simple'],
    ['PW-06 PW-12 a listed word, a year and a repetition', 'Password2026!!!!', 'password_too_simple'],
    ['PW-06 PW-12 nothing but listed words', 'changemenowplease', 'password_too_simple'],
    ['PW-03 listed words among others', 'monkey wrench in the attic', undefined],
    ['PW-07 the name of the service in look-alikes', 'my @cm3-L0gin secret word', 'password_personal'],
    ['PW-07 the name of the service', 'my acme-login secret word', 'password_personal'],
    ['PW-07 in another case', 'my ACME-Login secret word', 'password_personal'],
  ])('%s', async (_name, password, code) => {
    expect(await offer(password)).toEqual(code === undefined ? [201, undefined] : [422, code]);
  });

  test('PW-07 the local part of the address', async () => {
    const password = 'wonderfulalice is my name';
    const refused = await service.post('/register', { email: 'WonderfulAlice@example.com', password }, { from: service.newSource() });
    expect([refused.status, refused.body.code]).toEqual([422, 'password_personal']);
    expect((await service.post('/register', { email: 'bob@example.com', password }, { from: service.newSource() })).status).toBe(201);
  });

  test('PW-04 every byte of a password of 128 counts, and a space at its end', async () => {
    const password = LONGEST;
    const { email } = await service.register(undefined, password);
    let device = (await service.login(email, password)).device_token;
    for (let index = 0; index < 128; index += 1) {
      const flipped = `${password.slice(0, index)}${password[index] === 'A' ? 'B' : 'A'}${password.slice(index + 1)}`;
      const answer = await service.post('/login', { email, password: flipped, device_token: device });
      expect([index, answer.status]).toEqual([index, 401]);
      // The failures of a day lock, whatever succeeds: so that the limiter is not what refuses, the next ones are of another day.
      if (index % 15 === 14) service.advance(86_400);
      if (index % 15 === 14) device = (await service.post('/login', { email, password, device_token: device })).body.device_token;
    }
    const spaced = await service.register(undefined, `${PASSWORD} `);
    expect((await service.post('/login', { email: spaced.email, password: PASSWORD })).status).toBe(401);
    expect((await service.post('/login', { email: spaced.email, password: ` ${PASSWORD}` })).status).toBe(401);
    expect((await service.post('/login', { email: spaced.email, password: `${PASSWORD} ` })).status).toBe(200);
  });

  test('PW-05 composed, decomposed and compatible spellings of one password are one, another case is another', async () => {
    const password = 'caf\u00e9 \uFB01lter \u2460 correct horse';
    const { email } = await service.register(undefined, password);
    for (const same of [password.normalize('NFD'), password.normalize('NFKC'), password.normalize('NFKD')]) {
      expect((await service.post('/login', { email, password: same })).status).toBe(200);
    }
    for (const other of [password.toUpperCase(), password.replace('\u00e9', 'e')]) expect((await service.post('/login', { email, password: other })).status).toBe(401);
  });

  test('PW-08 AA-03 a change needs the current password, and guesses of it are limited', async () => {
    const user = await service.newUser();
    const change = (current: unknown, next = OTHER_PASSWORD) =>
      service.post('/me/password', { ...current === undefined ? {} : { current_password: current }, new_password: next }, { bearer: user.access_token });
    expect((await change(undefined)).status).toBe(400);
    for (let guess = 0; guess < 20; guess += 1) expect((await change('not the password at all')).body.code).toBe('invalid_credentials');
    const limited = await change(PASSWORD);
    expect([limited.status, limited.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    // AND the session and its owner's other ways are not affected
    expect((await service.me(user.access_token)).status).toBe(200);
    expect((await service.post('/login', { email: user.email, password: PASSWORD })).status).toBe(200);
    expect((await service.post('/login', { email: user.email, password: OTHER_PASSWORD })).status).toBe(401);
  });

  test('PW-09 what is stored is argon2id with at least 19 MiB and two passes, and a salt of its own', async () => {
    const [one, two] = [await hashOf(service, (await service.register()).email), await hashOf(service, (await service.register()).email)];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22,}\$[A-Za-z0-9+/]{43,}$/);
    expect(two).not.toBe(one);
  });

  test('PW-11 a stored hash that asks for gigabytes, thousands of passes or a cost of 20 is refused before it is computed', async () => {
    const tables = new Tables(service);
    const salt = 'A'.repeat(22);
    const extreme = [
      `$argon2id$v=19$m=8388608,t=2,p=1$${salt}$${'A'.repeat(43)}`, `$argon2id$v=19$m=19456,t=1000,p=1$${salt}$${'A'.repeat(43)}`,
      `$2b$20$${'a'.repeat(53)}`, `$scrypt$ln=30,r=8,p=1$${salt}$${'A'.repeat(43)}`, 'nonsense', '',
    ];
    for (const hash of extreme) {
      const { email } = await service.register();
      const item = (await tables.items('Users')).find(({ pk }) => pk?.S === `EMAIL#${email}`)!;
      await tables.put('Users', { ...item, hash: { S: hash } });
      const answer = await service.post('/login', { email, password: PASSWORD });
      // Refused or unable, never let in and never busy for minutes: the function has ten seconds.
      expect([hash, answer.status === 401 || answer.status === 503]).toEqual([hash, true]);
    }
    expect(service.audit('unexpected_error')).toEqual([]);
  });

  test('SE-10 SE-14 a change ends all sessions and answers with a new one; a deletion asks for the password of now', async () => {
    const user = await service.newUser();
    const phone = await service.login(user.email);
    const change = await service.post('/me/password', { current_password: PASSWORD, new_password: OTHER_PASSWORD }, { bearer: user.access_token });
    expect(change.status).toBe(200);
    for (const old of [user, phone]) {
      expect((await service.me(old.access_token)).status).toBe(401);
      expect((await service.refresh(old.refresh_token)).body.code).toBe('session_revoked');
    }
    expect((await service.me(change.body.access_token)).status).toBe(200);
    expect((await service.refresh(change.body.refresh_token)).status).toBe(200);
    expect((await service.post('/login', { email: user.email, password: PASSWORD })).status).toBe(401);
    expect((await service.post('/login', { email: user.email, password: OTHER_PASSWORD })).status).toBe(200);
    const { access_token: bearer } = await service.login(user.email, OTHER_PASSWORD);
    const remove = (body?: object) => service.call('DELETE', '/me', { bearer, ...body && { body } });
    expect([(await remove()).status, (await remove({})).status, (await remove({ password: PASSWORD })).body.code]).toEqual([400, 400, 'invalid_credentials']);
    expect((await service.me(bearer)).status).toBe(200);
    expect((await remove({ password: OTHER_PASSWORD })).status).toBe(204);
    expect((await service.me(bearer)).status).toBe(401);
  });

  test('PW-08 a change to the present password is refused, and ends nothing', async () => {
    const user = await service.newUser();
    const answer = await service.call('POST', '/me/password', { bearer: user.access_token, body: { current_password: PASSWORD, new_password: PASSWORD } });
    expect([answer.status, answer.body.code]).toEqual([422, 'password_unchanged']);
    expect((await service.refresh(user.refresh_token)).status).toBe(200);
  });

  test('T12 SE-10 PW-10 a change beside 20 logins with the old password and 20 refreshes leaves one session that lives', async () => {
    for (let round = 0; round < 3; round += 1) {
      const user = await service.newUser();
      const others = await Promise.all(Array.from({ length: 20 }, () => service.login(user.email)));
      const logins: Promise<Answer>[] = [];
      const refreshes: Promise<Answer>[] = [];
      for (let index = 0; index < 10; index += 1) logins.push(service.post('/login', { email: user.email, password: PASSWORD }));
      for (const { refresh_token: token } of others.slice(0, 10)) refreshes.push(service.refresh(token));
      const changing = service.post('/me/password', { current_password: PASSWORD, new_password: OTHER_PASSWORD }, { bearer: user.access_token });
      for (let index = 0; index < 10; index += 1) logins.push(service.post('/login', { email: user.email, password: PASSWORD }));
      for (const { refresh_token: token } of others.slice(10)) refreshes.push(service.refresh(token));
      const [change, ...answers] = await Promise.all([changing, ...logins, ...refreshes]);
      expect(change.status).toBe(200);
      for (const answer of answers) expect([200, 401, 503]).toContain(answer.status);
      const given = [user, ...others, ...answers.filter(({ status }) => status === 200).map(({ body }) => body)];
      for (const { access_token: access, refresh_token: refresh } of given) {
        expect([(await service.me(access)).status, (await service.refresh(refresh)).status]).toEqual([401, 401]);
      }
      const { sessions } = (await service.call('GET', '/me/sessions', { bearer: change.body.access_token })).body;
      expect(sessions.map(({ sid }: { sid: string }) => sid)).toEqual([sidOf(change.body.refresh_token)]);
      expect((await service.post('/login', { email: user.email, password: PASSWORD })).status).toBe(401);
    }
    expect(service.audit('refresh_reuse')).toEqual([]);
  });

  test('T12 one of two changes at the same time wins, and its password is the one', async () => {
    const user = await service.newUser();
    const passwords = [`${OTHER_PASSWORD} one`, `${OTHER_PASSWORD} two`];
    const answers = await Promise.all(passwords.map((next) => service.post('/me/password', { current_password: PASSWORD, new_password: next }, { bearer: user.access_token })));
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect([401, 409]).toContain(answers[1 - winner]!.status);
    expect((await service.post('/login', { email: user.email, password: passwords[winner] })).status).toBe(200);
    expect((await service.post('/login', { email: user.email, password: passwords[1 - winner] })).status).toBe(401);
  });
});

describe('another algorithm', () => {
  const FORMS: Record<string, RegExp> = { bcrypt: /bcrypt|^\$2b\$/, scrypt: /^\$scrypt\$ln=17,r=8,p=1\$/, argon2id: /^\$argon2id\$/ };
  const HASHING = { bcrypt: PasswordHashing.bcrypt({ cost: 10 }), scrypt: PasswordHashing.scrypt(), argon2id: PasswordHashing.argon2id() };

  test('PW-09 PW-10 T35 a service that moves from bcrypt to scrypt to argon2id takes every old password and hashes it anew at login', async () => {
    const dataDir = mkdtempSync(path.join(os.tmpdir(), 'service-data-'));
    folders.push(dataDir);
    const long = 'a long password has a hundred letters or so, which is more than the seventy-two bytes bcrypt looks at';
    const passwords: Record<string, string> = {};
    const registered: string[] = [];
    for (const [algorithm, hashing] of Object.entries(HASHING)) {
      const service = await startService({ ...PROPS, passwords: { hashing } }, { instance: { dataDir } });
      for (const email of registered) {
        const before = await hashOf(service, email);
        expect((await service.post('/login', { email, password: `${passwords[email]}x` })).status).toBe(401);
        expect(await hashOf(service, email)).toBe(before);
        expect((await service.post('/login', { email, password: passwords[email] })).status).toBe(200);
        const after = await hashOf(service, email);
        expect(after).toMatch(FORMS[algorithm]!);
        expect((await service.post('/login', { email, password: passwords[email] })).status).toBe(200);
        expect(await hashOf(service, email)).toBe(after);
      }
      expect(service.audit('password_rehashed')).toHaveLength(registered.length);
      const email = `${algorithm}.user@example.com`;
      passwords[email] = `${long}1`;
      registered.push(email);
      await service.register(email, passwords[email]);
      expect(await hashOf(service, email)).toMatch(FORMS[algorithm]!);
      expect((await service.post('/login', { email, password: `${long}2` })).status).toBe(401);
      const login = await service.login(email, passwords[email]);
      const change = await service.post('/me/password', { current_password: passwords[email], new_password: `${long}3` }, { bearer: login.access_token });
      expect(change.status).toBe(200);
      passwords[email] = `${long}3`;
      await service.instance.stop();
    }
  });
});
