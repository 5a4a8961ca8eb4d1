import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DescribeSecretCommand, GetSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { App, Stack } from 'aws-cdk-lib';
import type { OriginKeyset } from '../../lambda/domain/origin-secret';
import { acceptedValues } from '../../lambda/domain/origin-secret';
import { AuthApi, AuthService, Firewall } from '../../src';
import { startApp } from '../local/support/app';
import { secretsOf } from './support/keys';
import { until } from './support/rotations';
import { Service, stopServices } from './support/service';

const folder = mkdtempSync(path.join(os.tmpdir(), 'service-'));
/** Through CloudFront, and past it. */
let service: Service;
let past: Service;
let secrets: SecretsManagerClient;
let secretId: string;

beforeAll(async () => {
  const app = new App({ outdir: folder });
  new AuthService(new Stack(app, 'Test'), 'Auth', { api: AuthApi.http(), firewall: Firewall.centrallyManaged() });
  app.synth();
  const instance = await startApp(folder);
  service = new Service(instance, instance.url('AuthDistribution').replace(/\/$/, ''));
  past = new Service(instance, instance.url('AuthHttpApi').replace(/\/$/, ''));
  secrets = secretsOf(service);
  secretId = instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith('AuthFunctionsRotateKeys'))!.environment.AUTH_ORIGIN_SECRET!;
}, 60_000);

afterAll(async () => {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

const keyset = async (): Promise<OriginKeyset> => JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString!);

async function rotate(): Promise<void> {
  const describe = async () => (await secrets.send(new DescribeSecretCommand({ SecretId: secretId }))).LastRotatedDate?.getTime();
  const before = await describe();
  await secrets.send(new RotateSecretCommand({ SecretId: secretId }));
  await until(async () => await describe() !== before);
}

test('T27 a request past CloudFront is refused, whatever it says of its source and of the secret', async () => {
  const { access_token: bearer } = await service.newUser();
  for (const headers of [{}, { 'x-auth-viewer-address': '198.51.100.9' }, { 'x-auth-origin-secret': 'a'.repeat(64), 'x-auth-viewer-address': '198.51.100.9' }]) {
    expect(await past.call('GET', '/me', { bearer, headers })).toMatchObject({ status: 403, body: { code: 'origin_required' } });
    expect(service.audit().at(-1)).toMatchObject({ event: 'origin_refused' });
  }
  expect(service.audit('origin_refused').filter(({ source_ip: source }) => source === '198.51.100.9')).toEqual([]);
});

test('AA-07 T27 through CloudFront the source is the viewer, whatever headers say', async () => {
  const from = service.newSource();
  const headers = { 'x-auth-viewer-address': '198.51.100.9', 'x-forwarded-for': '198.51.100.9' };
  await service.post('/login', { email: 'nobody@example.com', password: 'wrong' }, { from, headers });
  expect(service.audit('login_failed').at(-1)).toMatchObject({ source_ip: from });
});

test('T28 no request is refused while the secret rotates, with five minutes in between; a value that leaked is worth nothing after three rotations', async () => {
  const { email, access_token: bearer } = await service.newUser();
  const { active: leaked } = await keyset();
  const statuses = new Set<number>();
  for (let turn = 1; turn <= 3; turn += 1) {
    let done = false;
    const asking = (async () => {
      while (!done) statuses.add((await service.me(bearer)).status);
    })();
    await rotate();
    done = true;
    await asking;
    // By now functions have looked at the secret again.
    service.advance(301);
  }
  expect([...statuses]).toEqual([200]);
  expect(acceptedValues(await keyset())).not.toContain(leaked);
  expect(service.audit('keys_rotated').filter(({ reason }) => reason === 'origin_secret')).toHaveLength(3);
  const forged = { bearer: (await service.login(email)).access_token, headers: { 'x-auth-origin-secret': leaked, 'x-auth-viewer-address': '198.51.100.9' } };
  expect(await past.call('GET', '/me', forged)).toMatchObject({ status: 403, body: { code: 'origin_required' } });
  expect((await service.me(forged.bearer)).status).toBe(200);
});
