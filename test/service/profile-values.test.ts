import { ProfileAttribute } from '../../src';
import { Limits } from '../../src/contract/limits';
import type { Answer } from './support/client';
import type { Service, Tokens } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';
import { Tables } from './support/tables';

afterAll(stopServices);

/** One attribute of each kind, bounded and not. Together as large as a profile can be. */
const PROPS = {
  ...UNTHROTTLED,
  profile: [
    ProfileAttribute.string('text', { maxLength: 256 }), ProfileAttribute.string('choice', { allowed: ['', 'a', '\u{1F600}'] }),
    ProfileAttribute.number('count'), ProfileAttribute.number('share', { min: 0, max: 1 }), ProfileAttribute.flag('flag'),
  ],
  abuse: { registrationsPerHour: 10_000 },
};

/** JSON as it is sent: what a number is, its reader decides. Every limit of the store with its two neighbours, and what no store holds. */
const LITERALS: readonly string[] = [
  '0', '-0', '1', '-1', '0.1', '1e0', '1E2', '150', '9007199254740991', '9007199254740992', '-9007199254740991', '-9007199254740992', '9007199254740993', '1e15', '1e16', '1e21', '1e37', '1e38', '1e39',
  '9.99e125', '1e126', '1.7976931348623157e308', '1e309', '-1e309', '1e-1', '1e-129', '1e-130', '9e-131', '1e-131', '5e-324', '1e-400', '0.1234567890123456789012345678901234567890123',
  '123456789012345678901234567890123456789', `1${'0'.repeat(300)}`, `0.${'0'.repeat(300)}1`,
  '""', '"a"', '" "', '"\\u0000"', '"\\n"', '"\\u2028"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\ufeff"', '"\\u202e"', '"e\\u0301"', '"null"', '"__proto__"',
  `"${'x'.repeat(256)}"`, `"${'x'.repeat(257)}"`, `"${'\u00e9'.repeat(256)}"`, `"${'\u{1F600}'.repeat(64)}"`, `"${'\u{1F600}'.repeat(256)}"`, `"${'x'.repeat(5000)}"`,
  'true', 'false', 'null', '[]', '{}', '[1]', '{"N":"1"}', '{"NULL":true}', '[[[[]]]]',
];

describe('RS-06 values of a profile', () => {
  let service: Service;
  let tables: Tables;
  let user: { email: string; uid: string } & Tokens;

  beforeAll(async () => {
    service = await startService(PROPS);
    tables = new Tables(service);
    user = await service.newUser();
  });

  const change = (profile: string): Promise<Answer> => service.call('PATCH', '/me', { bearer: user.access_token, body: `{"profile":${profile}}` });
  const register = (profile: string): Promise<Answer> => service.post('/register', `{"email":"${service.newEmail()}","password":"${PASSWORD}","profile":${profile}}`, { from: service.newSource() });

  test.each(PROPS.profile.map(({ _definition: { name, type } }) => [name, type]))('every limit of the store and beyond, for %s (%s): stored as it is, or 400 with a pointer', async (name) => {
    for (const literal of LITERALS) {
      const profile = `{"${name}":${literal}}`;
      const answers = [await change(profile), ...literal === 'null' ? [] : [await register(profile)]];
      const others = answers.map(({ status }) => status).filter((status) => ![200, 201, 400].includes(status));
      expect([profile.slice(0, 60), others]).toEqual([profile.slice(0, 60), []]);
      const [{ status, body }] = answers as [Answer];
      if (status === 400) {
        // Of JSON that is none or means nothing there is nothing to point at.
        if (body.detail === undefined) expect(body.errors).toEqual([{ pointer: expect.stringMatching(new RegExp(`^/profile(/${name})?$`)), message: expect.any(String) }]);
        continue;
      }
      const { body: me } = await service.me(user.access_token);
      const wanted = literal === 'null' ? undefined : JSON.parse(literal) as unknown;
      expect([literal, me.profile[name]]).toEqual([literal, wanted === 0 ? 0 : wanted]);
    }
    expect((await change(`{"${name}":null}`)).status).toBe(200);
  });

  test('the greatest profile beside the longest address: the item stays one write unit', async () => {
    const email = `${'e'.repeat(63)}@${`${'d'.repeat(60)}.`.repeat(3)}example`;
    expect(email).toHaveLength(Limits.EMAIL_BYTES);
    const { uid } = await service.register(email);
    const { access_token: bearer } = await service.login(email);
    const profile = { count: -9007199254740991, share: 0.12345678901234568, flag: true, choice: '\u{1F600}' };
    let longest = 0;
    for (let length = 256; length > 0 && longest === 0; length -= 1) {
      const { status } = await service.call('PATCH', '/me', { bearer, body: { profile: { ...profile, text: '\u{1F600}'.repeat(length) } } });
      expect([200, 400]).toContain(status);
      if (status === 200) longest = length;
    }
    expect(longest).toBeGreaterThan(0);
    const item = (await tables.items('Users')).find(({ pk, sk }) => pk?.S === `USER#${uid}` && sk?.S === 'PROFILE')!;
    expect(bytesOf(item)).toBeLessThanOrEqual(Limits.PROFILE_BYTES);
  });
});

/** As DynamoDB counts an item, numbers at their longest. */
function bytesOf(item: object): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: { S?: string; N?: string; BOOL?: boolean; M?: object; L?: object[] }): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.min(21, value.N.length);
  if (value.M !== undefined) return 3 + bytesOf(value.M) + Object.keys(value.M).length;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 0);
  return 1;
}
