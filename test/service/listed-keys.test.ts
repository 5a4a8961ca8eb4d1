import { DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import type { AuthServiceProps } from '../../src';
import { AuthMetric, SigningAlgorithm, SigningKeys } from '../../src';
import { temporaryDirectory } from '../local/support/app';
import { kidOf, logicalId, secretsOf } from './support/keys';
import type { Service, ServiceOptions } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

/** The address of the API is another one at each start; the issuer of a service that is redeployed stays. */
const PROPS: AuthServiceProps = { ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 }, tokens: { issuer: 'https://auth.example.com' } };
const CACHE = 60;
const SIGNERS = ['AuthFunctionsLogin', 'AuthFunctionsRefresh', 'AuthFunctionsCredentials'];

/** As a process says it that has read it this moment; others may be a quarter of a minute behind. */
const keySet = async (service: Service): Promise<any> => {
  service.instance.recycle(logicalId(service, 'AuthFunctionsDiscovery'));
  return (await service.call('GET', '/.well-known/jwks.json')).body;
};
const kids = async (service: Service): Promise<string[]> => (await keySet(service)).keys.map(({ kid }: { kid: string }) => kid);

/** A verifier elsewhere, which knows the service by its key set. */
async function acceptedElsewhere(service: Service, token: string): Promise<boolean> {
  const currentDate = new Date(service.instance.clock.now());
  return jwtVerify(token, createLocalJWKSet(await keySet(service)), { issuer: 'https://auth.example.com', typ: 'at+jwt', currentDate }).then(() => true, () => false);
}

async function expectAccepted(service: Service, ...tokens: string[]): Promise<void> {
  for (const token of tokens) expect([(await service.me(token)).status, await acceptedElsewhere(service, token)]).toEqual([200, true]);
}

/** Everything that issues tokens, and what they are good for. */
async function journey(service: Service): Promise<string[]> {
  const user = await service.newUser();
  const refreshed = await service.refresh(user.refresh_token);
  expect(refreshed.status).toBe(200);
  const changed = await service.post('/me/password', { current_password: PASSWORD, new_password: `${PASSWORD} and more` }, { bearer: refreshed.body.access_token });
  expect(changed.status).toBe(200);
  const [first, second, third] = [user.access_token, refreshed.body.access_token, changed.body.access_token];
  await expectAccepted(service, third);
  // AND the sessions from before the change have ended
  expect([(await service.me(first)).status, (await service.me(second)).status]).toEqual([401, 401]);
  expect((await service.post('/logout', { refresh_token: changed.body.refresh_token })).status).toBe(204);
  expect((await service.me(third)).status).toBe(401);
  return [first, second, third];
}

function kmsOf(service: Service): KMSClient {
  const { servicesUrl: endpoint, region } = service.instance;
  return new KMSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
}

const inKms = (...keyIds: string[]): AuthServiceProps => ({ ...PROPS, signingKeys: SigningKeys.kms({ keyIds }) });

describe('SigningKeys.kms()', () => {
  test.each([SigningAlgorithm.ES256, SigningAlgorithm.RS256, SigningAlgorithm.EDDSA])('%s: a whole journey with tokens that KMS signs', async (algorithm) => {
    const service = await startService({ ...PROPS, signingKeys: SigningKeys.kms({ keyIds: ['2026-11'], algorithm }) });
    const { keys } = await keySet(service);
    expect(keys).toEqual([expect.objectContaining({ alg: algorithm, use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/) })]);
    expect(Object.keys(keys[0]).filter((member) => ['d', 'p', 'q'].includes(member))).toEqual([]);
    expect((await service.call('GET', '/.well-known/openid-configuration')).body.id_token_signing_alg_values_supported).toEqual([algorithm]);
    const tokens = await journey(service);
    expect(tokens.map(kidOf)).toEqual(tokens.map(() => keys[0].kid));
    // AND each token is one signature, of the token and nothing else
    const signs = service.instance.calls.list({ service: 'kms' }).filter(({ operation }) => operation === 'Sign');
    expect(signs.map(({ caller }) => SIGNERS.indexOf(caller?.replace(/Function[0-9A-F]{8}$/, '') ?? ''))).toEqual([0, 1, 2]);
    await service.instance.stop();
  });

  test('KR-04 a name that is added is a rotation, one that is taken off ends it: no token fails on the way', async () => {
    const dataDir = temporaryDirectory();
    const deploy = (...keyIds: string[]) => startService(inKms(...keyIds), { instance: { dataDir } });

    let service = await deploy('a');
    const [a] = await kids(service);
    const user = await service.newUser();
    await service.instance.stop();

    // WHEN a name is added
    service = await deploy('a', 'b');
    const [b, second, ...others] = await kids(service);
    expect([second, others]).toEqual([a, []]);
    await expectAccepted(service, user.access_token);
    // THEN the old key signs until every verifier knows the new one
    expect(kidOf((await service.login(user.email)).access_token)).toBe(a);
    service.advance(CACHE + 1);
    const renewed = await service.login(user.email);
    expect(kidOf(renewed.access_token)).toBe(b);
    await expectAccepted(service, user.access_token, renewed.access_token);
    await service.instance.stop();

    // WHEN the old name is taken off
    service = await deploy('b');
    expect(await kids(service)).toEqual([b, a]);
    await expectAccepted(service, user.access_token);
    service.advance(CACHE + 1);
    const last = await service.login(user.email);
    expect(kidOf(last.access_token)).toBe(b);
    await expectAccepted(service, last.access_token, user.access_token);
    // THEN its public key goes when its tokens have expired, and a day more
    service.advance(86_400 + 900 + 60);
    expect(await kids(service)).toEqual([b]);
    await service.instance.stop();
  });

  test('a deployment that is taken back: the new key stops signing, its tokens stay valid', async () => {
    const dataDir = temporaryDirectory();
    const deploy = (...keyIds: string[]) => startService(inKms(...keyIds), { instance: { dataDir } });
    let service = await deploy('a');
    const [a] = await kids(service);
    await service.instance.stop();
    service = await deploy('b');
    const { access_token: token, email } = await service.newUser();
    const b = kidOf(token);
    expect(b).not.toBe(a);
    await service.instance.stop();
    service = await deploy('a');
    expect(await kids(service)).toEqual([a, b]);
    await expectAccepted(service, token);
    expect(kidOf((await service.login(email)).access_token)).toBe(a);
    await service.instance.stop();
  });

  describe('in trouble', () => {
    let service: Service;

    beforeAll(async () => {
      service = await startService(inKms('a', 'b'));
      service.advance(CACHE + 1);
    });

    afterEach(() => service.instance.faults.remove());

    test.each(['error', 'throttle', 'deny'] as const)('RS-02 %s of KMS: 503 and nothing half-made, verification goes on', async (effect) => {
      const user = await service.newUser();
      service.instance.faults.add({ service: 'kms', effect });
      const last = service.instance.calls.list().at(-1)!.sequence;
      for (const answer of [await service.post('/login', { email: user.email, password: PASSWORD }), await service.refresh(user.refresh_token)]) {
        expect([answer.status, answer.body.code, Number(answer.headers['retry-after']) > 0, answer.setCookie]).toEqual([503, 'unavailable', true, []]);
      }
      expect((await service.me(user.access_token)).status).toBe(200);
      const sessions = service.instance.calls.list({ after: last, service: 'dynamodb' }).filter(({ writeUnits, resource }) => (writeUnits ?? 0) > 0 && resource?.includes('Sessions'));
      expect(sessions).toEqual([]);
      service.instance.faults.remove();
      expect((await service.refresh(user.refresh_token)).status).toBe(200);
    });

    test('one call of KMS that fails is tried again', async () => {
      const user = await service.newUser();
      service.instance.faults.add({ service: 'kms', effect: 'commit-then-drop', times: 1 });
      expect((await service.refresh(user.refresh_token)).status).toBe(200);
    });

    test('a key that somebody disables is passed over for the next older one', async () => {
      const user = await service.newUser();
      const [newest, older] = await kids(service);
      expect(kidOf(user.access_token)).toBe(newest);
      const kms = kmsOf(service);
      const KeyId = service.instance.calls.list({ service: 'kms' }).filter(({ operation }) => operation === 'Sign').at(-1)!.resource;
      await kms.send(new DisableKeyCommand({ KeyId }));
      const { access_token: token } = await service.login(user.email);
      expect(kidOf(token)).toBe(older);
      await expectAccepted(service, token, user.access_token);
      await kms.send(new EnableKeyCommand({ KeyId }));
      expect(kidOf((await service.login(user.email)).access_token)).toBe(newest);
      kms.destroy();
    });

    test('the signing keys rotate by nothing but their list, refresh keys as everywhere', async () => {
      expect(await service.admin({ action: 'rotate-now', keyset: 'signing' })).toMatchObject({ ok: false, error: { code: 'not_found', detail: expect.stringContaining('do not rotate') } });
      expect(await service.admin({ action: 'publish-keys' })).toMatchObject({ ok: false, error: { code: 'validation_failed', detail: expect.stringContaining('existingSecret') } });
      expect(await service.admin({ action: 'rotate-now', keyset: 'refresh' })).toMatchObject({ ok: true });
    });

    test('KR-06 a key is retired at once, the last one never', async () => {
      const user = await service.newUser();
      const [newest, older] = await kids(service);
      expect(await service.admin({ action: 'retire-key', kid: newest })).toEqual({ ok: true, retirement: 'retired' });
      service.advance(CACHE + 1);
      expect((await service.me(user.access_token)).status).toBe(401);
      const { access_token: token } = await service.login(user.email);
      expect(kidOf(token)).toBe(older);
      await expectAccepted(service, token);
      expect(await service.admin({ action: 'retire-key', kid: older })).toMatchObject({ ok: false, error: { code: 'validation_failed', detail: expect.stringContaining('No other key') } });
      expect(await service.admin({ action: 'retire-key', kid: newest })).toEqual({ ok: true, retirement: 'retired_before' });
      expect(await service.admin({ action: 'retire-key', kid: 'nobody' })).toMatchObject({ ok: false, error: { code: 'not_found' } });
      await expectAccepted(service, token);
    });

    test('the age of the newest key is a metric here too', () => {
      expect(service.instance.logs().some(({ text }) => text.includes(`"${AuthMetric.SIGNING_KEY_AGE}"`))).toBe(true);
    });
  });
});

const SECRET_NAME = 'keys-of-the-team';

/** A private key as another system would hand it over. */
function newKey(alg: 'ES256' | 'RS256' | 'EdDSA', members: Record<string, unknown> = {}): Record<string, unknown> {
  const { privateKey } = alg === 'RS256' ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), ...members };
}

const jwks = (...keys: unknown[]): string => JSON.stringify({ keys });

/** A service over a secret of the team's, which holds these keys before the service is there. */
function overSecret(value: string, props: AuthServiceProps = PROPS, instance?: ServiceOptions['instance'], algorithm?: SigningAlgorithm): Promise<Service> {
  return startService((stack) => ({
    ...props,
    signingKeys: SigningKeys.existingSecret(new Secret(stack, 'Team', { secretName: SECRET_NAME, secretStringValue: SecretValue.unsafePlainText(value) }), { algorithm }),
  }), { instance });
}

async function putKeys(service: Service, value: string): Promise<void> {
  await secretsOf(service).send(new PutSecretValueCommand({ SecretId: SECRET_NAME, SecretString: value }));
}

describe('SigningKeys.existingSecret()', () => {
  test.each(['ES256', 'RS256', 'EdDSA'] as const)('%s: a whole journey with a key that the team brought along, under the kid that it had', async (alg) => {
    const service = await overSecret(jwks(newKey('ES256'), newKey(alg, { kid: 'of-the-old-system', use: 'sig', key_ops: ['sign'] })), PROPS, undefined, SigningAlgorithm[alg === 'EdDSA' ? 'EDDSA' : alg]);
    const tokens = await journey(service);
    expect(new Set(tokens.map(kidOf))).toEqual(new Set([kidOf(tokens[0]!)]));
    service.advance(CACHE + 1);
    expect(kidOf((await service.newUser()).access_token)).toBe('of-the-old-system');
    // AND the public halves are all that is public
    expect((await service.call('GET', '/.well-known/jwks.json')).text).not.toMatch(/"(?:d|p|q|dp|dq|qi|key_ops)"/);
    await service.instance.stop();
  });

  test('KR-04 a key is added, published, and the old one taken out: no token fails on the way', async () => {
    const [old, young] = [newKey('ES256', { kid: 'old' }), newKey('ES256', { kid: 'young' })];
    const service = await overSecret(jwks(old));
    const user = await service.newUser();
    expect(kidOf(user.access_token)).toBe('old');
    // WHEN a key is added and nobody has published it
    await putKeys(service, jwks(old, young));
    service.instance.recycle();
    expect(kidOf((await service.login(user.email)).access_token)).toBe('old');
    // AND when it is published
    expect(await service.admin({ action: 'publish-keys' })).toMatchObject({ ok: true });
    expect(await kids(service)).toEqual(['young', 'old']);
    expect(kidOf((await service.login(user.email)).access_token)).toBe('old');
    service.advance(CACHE + 1);
    const renewed = await service.login(user.email);
    expect(kidOf(renewed.access_token)).toBe('young');
    // AND the old one is taken out
    await putKeys(service, jwks(young));
    expect(await service.admin({ action: 'publish-keys' })).toMatchObject({ ok: true });
    expect(await service.admin({ action: 'publish-keys' })).toMatchObject({ ok: true });
    await expectAccepted(service, user.access_token, renewed.access_token);
    service.advance(86_400 + 900 + 60);
    expect(await kids(service)).toEqual(['young']);
    // THEN the team's secret was read and never written
    const writes = service.instance.calls.list({ service: 'secretsmanager' }).filter(({ operation, resource }) => resource?.includes(SECRET_NAME) && operation !== 'GetSecretValue');
    expect(writes.filter(({ caller }) => caller?.startsWith('AuthFunctions'))).toEqual([]);
    await service.instance.stop();
  });

  test.each<[string, string, RegExp]>([
    ['text that is no JSON', 'swordfish', /the secret holds no JWK Set of 1 to 10 keys/],
    ['no keys', jwks(), /the secret holds no JWK Set of 1 to 10 keys/],
    ['a public key', jwks({ ...newKey('ES256'), d: undefined }), /key 1 of the secret has no private part, d/],
    ['a key of another curve', jwks({ ...newKey('ES256'), crv: 'P-384' }), /key 1 of the secret is no key for ES256/],
    ['a key for something else', jwks(newKey('ES256', { use: 'enc' })), /key 1 of the secret is not for signatures/],
    ['a key of another algorithm', jwks(newKey('ES256', { alg: 'ES512' })), /key 1 of the secret has another alg than ES256/],
    ['an RSA key that is too short', jwks(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' })), /key 1 of the secret is no valid private key for RS256; RSA keys have 2048 to 4096 bits/],
    ['a private part of another key', jwks(newKey('ES256'), { ...newKey('ES256'), d: newKey('ES256').d }), /key 2 of the secret (?:failed its test|is no valid private key)/],
    ['a kid that no token may carry', jwks(newKey('ES256', { kid: '../../etc/passwd' })), /key 1 of the secret has a kid of other than 1 to 64 letters/],
    ['the same kid twice', jwks(newKey('ES256', { kid: 'k' }), newKey('ES256', { kid: 'k' })), /the secret repeats a kid/],
    ['a newest key of another algorithm than the service says', jwks(newKey('RS256')), /the newest key of the secret, the last one, is for RS256, signingKeys says ES256/],
  ])('KR-07 %s: the deployment fails and says why, and no word of what was in it', async (_name, value, message) => {
    const failure = await overSecret(value).then(() => new Error('it started'), (error: Error) => error);
    expect(failure.message).toMatch(message);
    for (const secret of [...value.matchAll(/"(?:d|x|n|p|q)":"([^"]+)"/g)].map(([, member]) => member!)) expect(failure.message.includes(secret)).toBe(false);
    expect(failure.message).not.toContain('swordfish');
  });

  test('a change for the worse is refused by publish-keys, and what was published goes on', async () => {
    const service = await overSecret(jwks(newKey('ES256', { kid: 'good' })));
    const user = await service.newUser();
    const { refresh_token: token } = (await service.refresh(user.refresh_token)).body;
    await putKeys(service, jwks(newKey('ES256', { kid: 'good' })));
    expect(await service.admin({ action: 'publish-keys' })).toMatchObject({ ok: false, error: { code: 'validation_failed', detail: expect.stringContaining('a key that changes needs a kid of its own') } });
    await putKeys(service, 'swordfish');
    const refused = await service.admin({ action: 'publish-keys' });
    expect(refused).toMatchObject({ ok: false, error: { code: 'validation_failed', detail: expect.stringContaining('no JWK Set') } });
    expect(JSON.stringify(refused)).not.toContain('swordfish');
    await expectAccepted(service, user.access_token);
    // AND functions that know the keys go on, those that do not answer 503
    expect((await service.refresh(token)).status).toBe(200);
    service.instance.recycle();
    expect((await service.post('/login', { email: user.email, password: PASSWORD })).status).toBe(503);
    await service.instance.stop();
  });
});

describe('a change of the keeper', () => {
  test('from rotating keys to KMS, to a secret of the team\'s, and back: tokens of each stay valid', async () => {
    const dataDir = temporaryDirectory();
    const instance = { dataDir };
    const tokens: string[] = [];
    let email: string | undefined;
    const use = async (service: Service): Promise<void> => {
      const session = email === undefined ? await service.newUser() : await service.login(email);
      if ('email' in session) email = session.email as string;
      tokens.push(session.access_token);
      await expectAccepted(service, ...tokens);
      await service.instance.stop();
    };
    await use(await startService(PROPS, { instance }));
    await use(await startService(inKms('a'), { instance }));
    await use(await overSecret(jwks(newKey('ES256', { kid: 'of-the-team' })), PROPS, instance));
    await use(await startService(inKms('a'), { instance }));
    const service = await startService(PROPS, { instance });
    expect((await kids(service))).toHaveLength(4);
    await use(service);
    // THEN each keeper has signed with its own key, and the first one and the last one are the same
    const [first, second, third, fourth, last] = tokens.map(kidOf);
    expect([third, fourth, last]).toEqual(['of-the-team', second, first]);
  });
});
