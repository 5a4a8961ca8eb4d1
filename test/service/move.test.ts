import type { AuthServiceProps, TokenOptions } from '../../src';
import { AuthApi, Firewall } from '../../src';
import { deployments, removeData } from './support/deployments';
import { testOnlyBehind } from './support/front';
import { claimsOf } from './support/keys';
import type { Service } from './support/service';
import { PASSWORD, stopServices } from './support/service';

afterAll(stopServices);
afterAll(removeData);

const OLD = 'https://old.example.com';
const NEW = 'https://new.example.com';
const throttle = { rateLimit: 100_000, burstLimit: 100_000 };
const FRONTS: Readonly<Record<'rest' | 'http', AuthServiceProps>> = {
  rest: { firewall: Firewall.disabled(), api: AuthApi.rest({ throttle }) },
  http: { firewall: Firewall.centrallyManaged(), api: AuthApi.http({ throttle }) },
};

/** Deployments of one stack that differ in the front and in what stands in tokens. */
function moves(): (front: 'rest' | 'http', tokens: TokenOptions) => Promise<Service> {
  const deploy = deployments();
  return (front, tokens) => deploy({ ...FRONTS[front], tokens, abuse: { registrationsPerHour: 1000 } });
}

const testBoth = testOnlyBehind('http', 'it starts both fronts');

describe('from a REST API to an HTTP API and back', () => {
  testBoth('users, sessions, passwords and access tokens go along, and the issuer stays the one that was chosen', async () => {
    const deploy = moves();
    const tokens = { issuer: OLD };
    const rest = await deploy('rest', tokens);
    const user = await rest.newUser();
    expect(claimsOf(user.access_token).iss).toBe(OLD);

    const http = await deploy('http', tokens);
    expect((await http.me(user.access_token)).body).toMatchObject({ email: user.email, sub: user.uid });
    const refreshed = (await http.refresh(user.refresh_token)).body;
    expect(claimsOf(refreshed.access_token)).toMatchObject({ iss: OLD, sub: user.uid, sid: claimsOf(user.access_token).sid });
    expect((await http.login(user.email, PASSWORD)).access_token).toBeDefined();
    const ended = await http.login(user.email);
    expect((await http.post('/logout', { refresh_token: ended.refresh_token })).status).toBe(204);

    const again = await deploy('rest', tokens);
    expect((await again.me(refreshed.access_token)).status).toBe(200);
    expect((await again.me(ended.access_token)).status).toBe(401);
    expect((await again.refresh(refreshed.refresh_token)).status).toBe(200);
  });

  testBoth('with another issuer the old access tokens are good as long as it is among the accepted ones; refresh tokens name none', async () => {
    const deploy = moves();
    const rest = await deploy('rest', { issuer: OLD });
    const user = await rest.newUser();

    const moved = await deploy('http', { issuer: NEW, acceptedIssuers: [OLD] });
    expect((await moved.me(user.access_token)).status).toBe(200);
    const refreshed = (await moved.refresh(user.refresh_token)).body;
    expect(claimsOf(refreshed.access_token).iss).toBe(NEW);
    expect((await moved.call('GET', '/.well-known/openid-configuration')).body.issuer).toBe(NEW);

    const done = await deploy('http', { issuer: NEW });
    expect((await done.me(user.access_token)).status).toBe(401);
    expect((await done.me(refreshed.access_token)).status).toBe(200);
    expect((await done.refresh(refreshed.refresh_token)).status).toBe(200);
  });
});
