import { identifiedByGateway, identifiedByToken } from '../../../lambda/http/principal';
import { toRequest } from '../../../lambda/http/request';
import { signedIn } from '../support/actions';
import type { World } from '../support/world';
import { createWorld } from '../support/world';
import { httpApiEvent, restEvent } from './events';

const authorizer = { sub: 'u', scope: '', sid: 's', sv: '3', jti: 'j', auth_time: '1700000000', amr: 'pwd', integrationLatency: 4 };
const me = { method: 'GET', route: '/me' };

describe('identified by the gateway', () => {
  test('of either event the same principal', async () => {
    const principal = { uid: 'u', sid: 's', sv: 3, jti: 'j', scope: '', authTime: 1700000000, amr: ['pwd'] };
    for (const event of [restEvent, httpApiEvent]) expect(await identifiedByGateway(toRequest(event({ ...me, authorizer })))).toEqual(principal);
  });

  test('JT-13 identity comes from the authorizer alone, and whole or not at all', async () => {
    const principalOf = (given: object) => identifiedByGateway(toRequest(restEvent({ ...me, ...given })));
    expect(await principalOf({ headers: { 'x-user-id': 'u', 'sub': 'u' } })).toBeUndefined();
    for (const broken of [{ sub: '' }, { sub: undefined }, { sid: 7 }, { sv: 'NaN' }, { sv: '-1' }, { sv: 3 }, { auth_time: '1e9' }, { jti: null }, { amr: undefined }]) {
      expect(await principalOf({ authorizer: { ...authorizer, ...broken } })).toBeUndefined();
    }
  });
});

describe('identified by the token', () => {
  let world: World;
  let token: string;
  beforeEach(async () => {
    world = await createWorld();
    token = (await signedIn(world)).accessToken;
  });

  const identify = (headers: Record<string, string | readonly string[]>) => identifiedByToken(world)(toRequest(httpApiEvent({ ...me, headers, authorizer })));

  test('JT-13 whom the token names, whatever the event says of an authorizer', async () => {
    const [uid] = world.tables.profiles.keys();
    expect(await identify({ authorization: `Bearer ${token}` })).toMatchObject({ uid });
    await expect(identify({})).rejects.toMatchObject({ code: 'invalid_token', reason: 'bearer_token_missing' });
    expect(world.calls.names().filter((name) => name === 'revocations.readRevocations')).toHaveLength(1);
  });

  test.each<[string, (good: string) => Record<string, string | readonly string[]>]>([
    ['none', () => ({})],
    ['two headers', (good) => ({ authorization: [`Bearer ${good}`, `Bearer ${good}`] })],
    ['two spellings', (good) => ({ Authorization: `Bearer ${good}`, authorization: `Bearer ${good}` })],
    ['another scheme', (good) => ({ authorization: `Basic ${good}` })],
    ['no scheme', (good) => ({ authorization: good })],
    ['a changed signature', (good) => ({ authorization: `Bearer ${good.slice(0, -8)}AAAAAAAA` })],
    ['in a cookie', (good) => ({ cookie: `authorization=Bearer ${good}` })],
    ['ten kilobytes', () => ({ authorization: `Bearer ${'a'.repeat(10_000)}` })],
  ])('a bad token, %s, is invalid_token', async (_, headers) => {
    await expect(identify(headers(token))).rejects.toMatchObject({ code: 'invalid_token', status: 401 });
  });

  test('a session that has ended is invalid_token to the caller, as the authorizer has it, and says more in the log', async () => {
    const [sid] = world.tables.sessions.keys();
    const [uid] = world.tables.profiles.keys();
    await world.revocations.revokeSession(uid!, sid!, world.clock.now() / 1000 + 900, world.clock.now() / 1000 + 900);
    await expect(identify({ authorization: `Bearer ${token}` })).rejects.toMatchObject({ code: 'invalid_token', reason: 'session_revoked' });
    expect(world.audit.events.at(-1)).toMatchObject({ event: 'token_refused', uid });
  });

  test.each(['revocations', 'verificationKeys'])('JT-12 T31 %s down says nothing about the token', async (port) => {
    world.calls.failAll(port);
    await expect(identify({ authorization: `Bearer ${token}` })).rejects.toMatchObject({ name: 'UnavailableError', status: 503 });
  });
});
