import {
  DeviceToken, deviceMacFields, deviceTokenBelongs, deviceTokenExpired, formatDeviceToken, formerDeviceMacFields, formerDeviceTokenBelongs, parseDeviceToken,
  parseFormerDeviceToken,
} from '../../domain/device-token';
import { Credential, RefreshKey, User } from '../../domain/model';
import { Crypto } from '../../ports/crypto';
import { RefreshKeys } from '../../ports/keys';
import { UserStore } from '../../ports/users';
import { TokenSettings } from '../settings';

export interface KnownDeviceDeps {
  readonly users: Pick<UserStore, 'readCredential' | 'readUser'>;
  readonly refreshKeys: Pick<RefreshKeys, 'find' | 'floor'>;
  readonly crypto: Pick<Crypto, 'mac' | 'equal'>;
  readonly tokens: Pick<TokenSettings, 'sessionTtl'>;
}

/** A device and the credential that it was held against: read before its counter is opened, and good for the login that follows. */
export interface KnownDevice {
  readonly deviceId: string;
  readonly credential: Credential;
}

/**
 * The device if its token proves an earlier login to this very account under its present password (ID-07). Anything else is simply no known
 * device. Nothing is read for a token that this service did not make.
 */
export async function knownDevice(deps: KnownDeviceDeps, email: string, text: string | undefined, now: number): Promise<KnownDevice | undefined> {
  const token = text === undefined ? undefined : parseDeviceToken(text);
  if (token === undefined) return formerDevice(deps, email, text, now);
  if (deviceTokenExpired(token, now) || !await isGenuine(deps, token, deviceMacFields(token))) return undefined;
  const credential = await deps.users.readCredential(email);
  if (credential === undefined || !deviceTokenBelongs(token, credential, await deps.refreshKeys.floor())) return undefined;
  return { deviceId: token.deviceId, credential };
}

async function formerDevice(deps: KnownDeviceDeps, email: string, text: string | undefined, now: number): Promise<KnownDevice | undefined> {
  const token = text === undefined ? undefined : parseFormerDeviceToken(text);
  if (token === undefined || deviceTokenExpired(token, now) || !await isGenuine(deps, token, formerDeviceMacFields(token, email))) return undefined;
  const credential = await deps.users.readCredential(email);
  const user = credential && await deps.users.readUser(credential.uid);
  return credential && user && formerDeviceTokenBelongs(token, user, deps.tokens.sessionTtl) ? { deviceId: token.deviceId, credential } : undefined;
}

async function isGenuine({ refreshKeys, crypto }: KnownDeviceDeps, token: Pick<DeviceToken, 'kv' | 'mac'>, fields: readonly string[]): Promise<boolean> {
  const key = await refreshKeys.find(token.kv);
  return key !== undefined && crypto.equal(crypto.mac(key.key, fields), token.mac);
}

export interface DeviceTokenDeps {
  readonly refreshKeys: Pick<RefreshKeys, 'floor'>;
  readonly crypto: Pick<Crypto, 'mac' | 'randomToken'>;
}

export interface DeviceTokenInput {
  /** `pv` as of this login: a later change of the password ends the token. */
  readonly user: Pick<User, 'uid' | 'pv'>;
  /** Absent: a device that was not known. */
  readonly deviceId?: string | undefined;
  readonly refreshKey: RefreshKey;
  /** Of the session that it comes with. */
  readonly expiresAt: number;
  readonly now: number;
}

export interface IssuedDeviceToken {
  readonly deviceToken: string;
  /** Seconds. */
  readonly deviceTokenExpiresIn: number;
}

export async function issueDeviceToken(deps: DeviceTokenDeps, input: DeviceTokenInput): Promise<IssuedDeviceToken> {
  const { user: { uid, pv }, deviceId = deps.crypto.randomToken(16), refreshKey, expiresAt, now } = input;
  const token = { kv: refreshKey.kv, uid, pv, ep: await deps.refreshKeys.floor(), deviceId, exp: Math.floor(expiresAt / 1000) };
  return {
    deviceToken: formatDeviceToken({ ...token, mac: deps.crypto.mac(refreshKey.key, deviceMacFields(token)) }),
    deviceTokenExpiresIn: Math.floor((expiresAt - now) / 1000),
  };
}
