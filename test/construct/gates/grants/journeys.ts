import { DescribeSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { hashSync } from 'bcryptjs';
import type { AdminRequest } from '../../../../lambda/handlers/admin/actions';
import type { RotatedSecret } from '../../../../lambda/use-cases/rotate-keys/rotate-now';
import type { FaultSpec } from '../../../../local/services/types';
import { Env } from '../../../../src/contract/environment';
import { Limits } from '../../../../src/contract/limits';
import { Browser } from '../../../service/support/browser';
import { secretsOf } from '../../../service/support/keys';
import { until } from '../../../service/support/rotations';
import type { Service } from '../../../service/support/service';
import { PASSWORD } from '../../../service/support/service';

const SECRETS: Readonly<Record<RotatedSecret, string>> = { signing: Env.SIGNING_SECRET, refresh: Env.REFRESH_SECRET, origin: Env.ORIGIN_SECRET };

const DAY = 86_400;
const NEW_PASSWORD = `${PASSWORD} and more`;

/** Everything that makes a function of a service call something. */
export class Journeys {
  /** Actions of the admin function that were asked for. */
  readonly actions = new Set<string>();

  constructor(private readonly service: Service, private readonly store: DynamoDBDocumentClient) {}

  async administer(event: AdminRequest): Promise<any> {
    this.actions.add(event.action);
    return this.service.admin(event);
  }

  async everyRoute(): Promise<void> {
    const { service } = this;
    const invitation = await this.administer({ action: 'invite', email: 'invited@example.com', scopes: ['orders:read'] });
    expect((await service.post('/register', { email: 'invited@example.com', password: PASSWORD, invitation: invitation.token ?? invitation.invitation })).status).toBe(201);
    const user = await service.newUser();
    await service.post('/login', { email: user.email, password: 'not the right one' });
    const session = await service.login(user.email);
    const fresh = (await service.refresh(session.refresh_token)).body;
    const bearer = fresh.access_token;
    await service.me(bearer);
    await service.call('PATCH', '/me', { bearer, body: { profile: {} } });
    const list = await service.call('GET', '/me/sessions', { bearer });
    await service.call('DELETE', `/me/sessions/${list.body.sessions.at(-1).sid}`, { bearer });
    const other = await service.login(user.email);
    await service.post('/token/revoke', { token: other.access_token });
    const third = await service.login(user.email);
    await service.post('/me/password', { current_password: 'not the right one', new_password: NEW_PASSWORD }, { bearer: third.access_token });
    expect((await service.post('/me/password', { current_password: PASSWORD, new_password: NEW_PASSWORD }, { bearer: third.access_token })).status).toBe(200);
    await service.post('/logout/all', {}, { bearer: (await service.login(user.email, NEW_PASSWORD)).access_token });
    const last = (await service.login(user.email, NEW_PASSWORD)).access_token;
    expect((await service.call('DELETE', '/me', { bearer: last, body: { password: NEW_PASSWORD } })).status).toBe(204);
    for (const path of ['/.well-known/jwks.json', '/.well-known/openid-configuration', '/health']) await service.call('GET', path);
  }

  /** What takes more than one plain request: long lists, races, and time that has passed. */
  async rareCases(): Promise<void> {
    const { service } = this;
    // A hash of an algorithm that is no longer the one of new hashes is replaced at login.
    const { email } = await service.newUser();
    const { AUTH_USERS_TABLE: users, AUTH_SESSIONS_TABLE: sessions } = this.environmentOf('Login');
    await this.store.send(new UpdateCommand({
      TableName: users, Key: { pk: `EMAIL#${email}`, sk: 'CREDENTIAL' }, UpdateExpression: 'SET #h = :h', ExpressionAttributeNames: { '#h': 'hash' },
      ExpressionAttributeValues: { ':h': hashSync(PASSWORD, 10) },
    }));
    await service.login(email);

    // More ended sessions than one item holds: by logout, and by reuse.
    for (const last of ['logout', 'reuse']) {
      const many = await service.newUser();
      await this.revokeMany(many.uid);
      const session = await service.login(many.email);
      if (last === 'logout') {
        await service.post('/logout', { refresh_token: session.refresh_token });
      } else {
        const next = (await service.refresh(session.refresh_token)).body;
        await service.refresh(next.refresh_token);
        service.advance(60);
        await service.refresh(session.refresh_token);
      }
    }

    // A browser that logs in again leaves its earlier session: one in use, and one of long ago.
    const surfer = await service.newUser();
    const browser = new Browser(service);
    for (const seconds of [0, 3600]) {
      expect((await browser.post('/login', { email: surfer.email, password: PASSWORD })).status).toBe(200);
      service.advance(seconds);
    }
    expect((await browser.post('/login', { email: surfer.email, password: PASSWORD })).status).toBe(200);

    // More entries of the index than a user may have sessions: living ones, and ended ones that are in the way.
    const crowd = await service.newUser();
    const { Item: one } = await this.store.send(new GetCommand({ TableName: sessions, Key: { sid: crowd.refresh_token.split('.')[2] } }));
    const old = { createdAt: one!.createdAt - 7_200_000, lastUsedAt: one!.createdAt - 7_200_000 };
    for (let count = 0; count < 60; count += 1) {
      const state = count % 10 === 0 ? 'ended' : 'live';
      await this.store.send(new PutCommand({ TableName: sessions, Item: { ...one, ...old, state, sid: String(count).padStart(22, '0') } }));
    }
    await service.login(crowd.email);

    const change = (bearer: string, current: string) => service.post('/me/password', { current_password: current, new_password: NEW_PASSWORD }, { bearer });

    // Counters past their TTL that nobody has swept yet.
    const address = service.newSource();
    const register = () => service.post('/register', { email: service.newEmail(), password: PASSWORD }, { from: address });
    await register();
    const [late, later] = [await service.newUser(), await service.newUser()];
    await change(later.access_token, 'not the right one');
    service.advance(31 * DAY);
    await register();
    await service.login(late.email);
    const { access_token: renewed } = (await service.refresh(later.refresh_token)).body;
    expect((await change(renewed, 'not the right one')).status).toBe(403);
    await this.afterTheLookupSecret(late.email);
  }

  /** A service that ran before it had a lookup secret looks for stops of then, at logins and at changes of the password. */
  private async afterTheLookupSecret(email: string): Promise<void> {
    const { service } = this;
    const SecretId = this.environmentOf('Login')[Env.LOOKUP_SECRET]!;
    const secrets = secretsOf(service);
    const { SecretString: json } = await secrets.send(new GetSecretValueCommand({ SecretId }));
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ ...JSON.parse(json!), unkeyedBefore: true }) }));
    secrets.destroy();
    service.instance.recycle();
    const { access_token: bearer } = await service.login(email);
    await service.post('/me/password', { current_password: 'not the right one', new_password: NEW_PASSWORD }, { bearer });
  }

  /** @param keysets that rotate by themselves */
  async everyAdministration(keysets: readonly RotatedSecret[]): Promise<void> {
    const { service } = this;
    const { email, uid } = await service.newUser();
    const events: AdminRequest[] = [
      { action: 'find', email }, { action: 'find', uid }, { action: 'unlock', email }, { action: 'set-scopes', uid, scopes: ['a'] }, { action: 'disable', uid },
      { action: 'enable', uid }, { action: 'revoke-sessions', uid },
    ];
    for (const event of events) expect(await this.administer(event)).toMatchObject({ ok: true });
    for (const keyset of keysets) await this.rotate(keyset);
    // One that is asked for while another one of the same keyset runs.
    for (const keyset of new Set(keysets)) {
      const held = await this.holding({ service: 'secretsmanager', operation: 'PutSecretValue', caller: 'AuthFunctionsRotateKeys' }, 1, () =>
        this.administer({ action: 'rotate-now', keyset }), () => this.administer({ action: 'rotate-now', keyset }));
      expect(held).toMatchObject({ ok: true });
    }
    const { keys } = (await service.call('GET', '/.well-known/jwks.json')).body;
    expect(await this.administer({ action: 'retire-key', kid: keys[0].kid })).toMatchObject({ ok: true });
  }

  /** The usual rotation, up to its end. */
  private async rotate(keyset: RotatedSecret): Promise<void> {
    const environment = this.environmentOf('RotateKeys');
    const secrets = secretsOf(this.service);
    const lastRotated = async () => (await secrets.send(new DescribeSecretCommand({ SecretId: environment[SECRETS[keyset]]! }))).LastRotatedDate?.getTime();
    const before = await lastRotated();
    expect(await this.administer({ action: 'rotate-now', keyset })).toMatchObject({ ok: true });
    await until(async () => await lastRotated() !== before);
    secrets.destroy();
  }

  /** Holds matching calls until so many wait, does something meanwhile, and lets them go. */
  private async holding<T>(calls: Omit<FaultSpec, 'effect'>, count: number, start: () => unknown, meanwhile?: () => Promise<T>): Promise<T | undefined> {
    const { faults } = this.service.instance;
    const { id } = faults.add({ ...calls, effect: 'hold' });
    try {
      const started = start();
      await until(() => (faults.list().find((fault) => fault.id === id)?.waiting ?? 0) >= count);
      await started;
      return await meanwhile?.();
    } finally {
      faults.remove(id);
    }
  }

  /** As many sessions of the user were ended one by one as may be, so that the next one raises the session version instead. */
  private async revokeMany(uid: string): Promise<void> {
    const now = Math.ceil(this.service.instance.clock.now() / 1000);
    const entries = Array.from({ length: Limits.REVOKED_SESSIONS_PER_USER }, (_, index) => [`s#${String(index).padStart(22, '0')}`, now + 900]);
    const TableName = this.environmentOf('Logout').AUTH_REVOCATIONS_TABLE;
    await this.store.send(new PutCommand({ TableName, Item: { key: `U#${uid}`, v: 1, ttl: now + 900, ...Object.fromEntries(entries) } }));
  }

  private environmentOf(name: string): Readonly<Record<string, string>> {
    return this.service.instance.functions.configurations().find(({ logicalId }) => logicalId.startsWith(`AuthFunctions${name}`))!.environment;
  }
}
