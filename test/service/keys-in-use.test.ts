import { createLocalJWKSet, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import type { FaultSpec } from '../../local/services/types';
import { FRONT, testOnlyBehind } from './support/front';
import { claimsOf, compact, headerOf, kidOf, logicalId, signingKeyset, signWith } from './support/keys';
import { rotate } from './support/rotations';
import type { Service } from './support/service';
import { PASSWORD, startService, stopServices, UNTHROTTLED } from './support/service';

afterAll(stopServices);

const PROPS = { ...UNTHROTTLED, abuse: { registrationsPerHour: 1000 } };
const SESSIONS = 4;
/** How old the keys that a verifier knows may be: the key set when it was read and its max-age together, and the cache of the authorizer. */
const CACHE = 60;

/** A verifier elsewhere, the worst within the rules: keeps the key set as long as it may and never asks earlier, whatever kid it meets. */
class StubbornVerifier {
  private keys: JSONWebKeySet = { keys: [] };
  private keptUntil = -Infinity;

  constructor(private readonly service: Service) {}

  async load(): Promise<void> {
    const { body, headers } = await this.service.call('GET', '/.well-known/jwks.json');
    this.keys = body;
    this.keptUntil = this.service.instance.clock.now() + Number(/max-age=(\d+)/.exec(headers['cache-control']!)![1]) * 1000;
  }

  async accepts(token: string): Promise<boolean> {
    const now = this.service.instance.clock.now();
    if (now >= this.keptUntil) await this.load();
    const { aud: audience, iss: issuer } = claimsOf(token);
    return jwtVerify(token, createLocalJWKSet(this.keys), { audience, issuer, typ: 'at+jwt', currentDate: new Date(now) }).then(() => true, () => false);
  }
}

/** Sessions that issue without a pause, and everybody who verifies what they issue. */
class Traffic {
  issued: string[] = [];
  readonly faults: string[] = [];
  verifications = 0;
  private tokens: string[] = [];

  constructor(private readonly service: Service, readonly elsewhere: StubbornVerifier) {}

  async begin(): Promise<void> {
    const users = await Promise.all(Array.from({ length: SESSIONS }, () => this.service.newUser()));
    this.tokens = users.map(({ refresh_token: token }) => token);
    this.issued.push(...users.map(({ access_token: token }) => token));
  }

  async rounds(count: number): Promise<void> {
    for (let round = 0; round < count; round += 1) {
      const fresh = await Promise.all(this.tokens.map((token, index) => this.issue(token, index)));
      await Promise.all([...fresh, ...this.oneOfEachKey()].map((token) => this.verify(token)));
    }
  }

  /** Tokens that have not expired. */
  live(): string[] {
    const now = this.service.instance.clock.now() / 1000;
    return this.issued.filter((token) => claimsOf(token).exp > now);
  }

  async verify(token: string): Promise<void> {
    this.verifications += 2;
    const [{ status }, elsewhere] = await Promise.all([this.service.me(token), this.elsewhere.accepts(token)]);
    if (status !== 200) this.faults.push(`the authorizer answered ${status} to a token of ${kidOf(token)}`);
    if (!elsewhere) this.faults.push(`a verifier elsewhere refused a token of ${kidOf(token)}`);
  }

  private async issue(token: string, index: number): Promise<string> {
    const { status, body } = await this.service.refresh(token);
    if (status !== 200) {
      this.faults.push(`refresh answered ${status}`);
      return this.issued.at(-1)!;
    }
    this.tokens[index] = body.refresh_token;
    this.issued.push(body.access_token);
    return body.access_token;
  }

  private oneOfEachKey(): string[] {
    return [...new Map(this.live().map((token) => [kidOf(token), token])).values()];
  }
}

describe('rotation under load', () => {
  let service: Service;

  beforeAll(async () => {
    service = await startService(PROPS, { instance: { concurrency: 3 } });
  });

  test('T29 KR-04 KR-06 five rotations, two of them back to back: no token fails anywhere; then a retired key is refused everywhere', async () => {
    const elsewhere = new StubbornVerifier(service);
    const traffic = new Traffic(service, elsewhere);
    await traffic.begin();
    const keyset = await signingKeyset(service);
    const unknown = compact({ ...headerOf(keyset.active), kid: 'unknown' }, {}, signWith(keyset.active));
    /** All authorizers know the set of now and may not ask again before half a minute has passed, all others before a minute. */
    const verifiersLoad = async () => {
      service.advance(CACHE + 1);
      await Promise.all(Array.from({ length: 12 }, () => service.me(unknown)));
      await elsewhere.load();
    };
    const rotations: (() => Promise<void>)[] = [
      () => rotate(service, 'signing'),
      () => rotate(service, 'signing'),
      // Back to back.
      async () => {
        await rotate(service, 'signing');
        await rotate(service, 'signing');
        // The key that is active now was published a moment ago: not everybody knows it, so it must not sign yet.
        const { active } = await signingKeyset(service);
        service.instance.recycle(logicalId(service, 'AuthFunctionsLogin'));
        const { access_token: token } = await service.newUser();
        expect(kidOf(token)).not.toBe(active.kid);
        await traffic.verify(token);
      },
      () => rotate(service, 'signing'),
    ];
    for (const rotation of rotations) {
      await verifiersLoad();
      await Promise.all([rotation(), traffic.rounds(8)]);
      // Warm signers with the old keys beside cold ones with the new ones, and verifiers until just before they look again, and after.
      for (const seconds of [0, 28, 30, 4]) {
        service.advance(seconds);
        service.instance.recycle(logicalId(service, 'AuthFunctionsRefresh'));
        await traffic.rounds(2);
      }
      await Promise.all(traffic.live().map((token) => traffic.verify(token)));
      // A minute later the newest key signs.
      expect(kidOf(traffic.issued.at(-1)!)).toBe((await signingKeyset(service)).active.kid);
    }
    expect(traffic.faults).toEqual([]);
    expect(service.audit('keys_rotated').length).toBeGreaterThanOrEqual(5);
    expect(new Set(traffic.issued.map(kidOf)).size).toBeGreaterThanOrEqual(4);
    expect(traffic.issued.length).toBeGreaterThanOrEqual(4 * 16 * SESSIONS);
    expect(traffic.verifications).toBeGreaterThan(1000);

    // WHEN the key that signs is retired in an emergency
    const kid = kidOf(traffic.issued.at(-1)!);
    const doomed = traffic.live().filter((token) => kidOf(token) === kid);
    const others = traffic.live().filter((token) => kidOf(token) !== kid);
    expect([doomed.length > 0, others.length > 0]).toEqual([true, true]);
    expect(await service.admin({ action: 'retire-key', kid })).toEqual({ ok: true, retirement: 'retired' });
    expect(await service.admin({ action: 'retire-key', kid })).toEqual({ ok: true, retirement: 'retired_before' });
    service.advance(CACHE + 1);
    // THEN nothing that it signed passes any verifier, everything else does, and there are new tokens
    for (const token of doomed) expect([(await service.me(token)).status, await elsewhere.accepts(token)]).toEqual([401, false]);
    traffic.issued = others;
    await Promise.all(others.map((token) => traffic.verify(token)));
    await traffic.rounds(2);
    expect(traffic.faults).toEqual([]);
    expect(traffic.issued.slice(-2 * SESSIONS).map(kidOf)).not.toContain(kid);
  });
});

describe('while Secrets Manager is down', () => {
  let service: Service;

  beforeAll(async () => {
    // One process of each function: warm is warm.
    service = await startService(PROPS, { instance: { concurrency: 1 } });
  });

  afterEach(() => {
    service.instance.faults.remove();
    service.instance.recycle();
  });

  test.each<[FaultSpec['effect']]>([['error'], ['deny']])('T32 RS-02 %s: warm functions issue from what they know until it is a day old', async (effect) => {
    const { email, ...user } = await service.newUser();
    // Every function is warm, also those that know of secrets only what CloudFront sends.
    expect((await service.me(user.access_token)).status).toBe(200);
    let token = (await service.refresh(user.refresh_token)).body.refresh_token;
    service.instance.faults.add({ service: 'secretsmanager', effect });
    for (const hours of [0, 0.1, 1, 12, 10.5]) {
      service.advance(hours * 3600);
      const login = await service.post('/login', { email, password: PASSWORD });
      const refreshed = await service.refresh(token);
      expect([hours, login.status, refreshed.status]).toEqual([hours, 200, 200]);
      for (const { body } of [login, refreshed]) expect((await service.me(body.access_token)).status).toBe(200);
      token = refreshed.body.refresh_token;
    }
    service.advance(3600);
    for (const answer of [await service.post('/login', { email, password: 'x'.repeat(20) }), await service.refresh(token)]) {
      expect([answer.status, answer.body.code, answer.headers['retry-after'] !== undefined, answer.setCookie]).toEqual([503, 'unavailable', true, []]);
    }
    service.instance.faults.remove();
    expect((await service.refresh(token)).status).toBe(200);
  });

  test('T32 RS-02 JT-14 cold functions answer 503 and leave nothing half-made, verification and the key set go on, recovery is immediate', async () => {
    const user = await service.newUser();
    const jwks = (await service.call('GET', '/.well-known/jwks.json')).text;
    expect((await service.me(user.access_token)).status).toBe(200);
    // Verifiers need no secret; behind CloudFront every cold function does, which the next test is about.
    if (FRONT === 'rest') service.instance.recycle();
    else for (const name of ['Login', 'Refresh', 'Logout']) service.instance.recycle(logicalId(service, `AuthFunctions${name}`));
    service.instance.faults.add({ service: 'secretsmanager', effect: 'error' });
    const last = service.instance.calls.list().at(-1)!.sequence;
    for (let round = 0; round < 2; round += 1) {
      for (const answer of [
        await service.post('/login', { email: user.email, password: PASSWORD }),
        await service.post('/login', { email: 'nobody@example.com', password: PASSWORD }),
        await service.refresh(user.refresh_token),
        await service.post('/logout', { refresh_token: user.refresh_token }),
      ]) {
        expect([answer.status, answer.body.code, Number(answer.headers['retry-after']) > 0, answer.setCookie]).toEqual([503, 'unavailable', true, []]);
      }
      expect((await service.me(user.access_token)).body.sub).toBe(user.uid);
      expect((await service.call('GET', '/.well-known/jwks.json')).text).toBe(jwks);
    }
    const written = service.instance.calls.list({ after: last, service: 'dynamodb' }).filter(({ writeUnits }) => (writeUnits ?? 0) > 0);
    expect(written).toEqual([]);
    service.instance.faults.remove();
    expect((await service.refresh(user.refresh_token)).status).toBe(200);
    expect((await service.login(user.email)).access_token).toBeDefined();
  });

  testOnlyBehind('http', 'CloudFront stands before it')('T32 RS-02 a cold function that cannot read what CloudFront sends lets nobody in, and blames nobody', async () => {
    const { access_token: bearer } = await service.newUser();
    service.instance.recycle();
    const fault = service.instance.faults.add({ service: 'secretsmanager', effect: 'error' });
    const after = service.instance.calls.list().at(-1)!.sequence;
    for (const answer of [await service.me(bearer), await service.call('GET', '/.well-known/jwks.json'), await service.call('GET', '/health')]) {
      expect([answer.status, answer.body.code, Number(answer.headers['retry-after']) > 0]).toEqual([503, 'unavailable', true]);
    }
    expect(service.instance.calls.list({ after, service: 'dynamodb' }).filter(({ resource }) => !resource?.includes('Revocations'))).toEqual([]);
    service.instance.faults.remove(fault.id);
    expect((await service.me(bearer)).status).toBe(200);
  });
});
