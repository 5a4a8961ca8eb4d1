import { Credential, User } from './model';

/**
 * The parts of `dt2.<kv>.<uid>.<pv>.<ep>.<deviceId>.<exp>.<mac>`: proof that this device logged in to the account before, under the password
 * that is still the present one. Admits to a counter, to nothing else.
 */
export interface DeviceToken {
  /** Id of the refresh key that the MAC is made with. */
  readonly kv: string;
  readonly uid: string;
  /** Version of the password that the device knew. */
  readonly pv: number;
  /** The restore floor at that time. */
  readonly ep: number;
  /** 128 random bits, base64url. */
  readonly deviceId: string;
  /** Epoch seconds. */
  readonly exp: number;
  /** base64url of HMAC-SHA-256 over `deviceMacFields`. */
  readonly mac: string;
}

/** What releases before dt2 made: it names an address. Read for one release. */
export type FormerDeviceToken = Pick<DeviceToken, 'kv' | 'deviceId' | 'exp' | 'mac'>;

const PREFIX = 'dt2';
const FORMER_PREFIX = 'dt1';
const COUNT = '0|[1-9][0-9]{0,8}';
const KV = '[a-z0-9]{8}';
const END = '([A-Za-z0-9_-]{21}[AQgw])\\.([1-9][0-9]{9})\\.([A-Za-z0-9_-]{43})';
const FORMAT = new RegExp(`^${PREFIX}\\.(${KV})\\.([A-Za-z0-9_-]{1,64})\\.(${COUNT})\\.(${COUNT})\\.${END}$`);
const FORMER_FORMAT = new RegExp(`^${FORMER_PREFIX}\\.(${KV})\\.${END}$`);
const MAX_LENGTH = 200;

export function formatDeviceToken(token: DeviceToken): string {
  return [PREFIX, token.kv, token.uid, token.pv, token.ep, token.deviceId, token.exp, token.mac].join('.');
}

/** The parts of a token, or undefined when the text is not the one spelling of a device token. Says nothing about its MAC. */
export function parseDeviceToken(text: string): DeviceToken | undefined {
  const [, kv, uid, pv, ep, deviceId, exp, mac] = (text.length <= MAX_LENGTH && FORMAT.exec(text)) || [];
  return kv && uid && pv && ep && deviceId && exp && mac ? { kv, uid, pv: Number(pv), ep: Number(ep), deviceId, exp: Number(exp), mac } : undefined;
}

export function parseFormerDeviceToken(text: string): FormerDeviceToken | undefined {
  const [, kv, deviceId, exp, mac] = (text.length <= MAX_LENGTH && FORMER_FORMAT.exec(text)) || [];
  return kv && deviceId && exp && mac ? { kv, deviceId, exp: Number(exp), mac } : undefined;
}

/** What the MAC covers: every part. */
export function deviceMacFields(token: Omit<DeviceToken, 'mac'>): string[] {
  return [PREFIX, token.kv, token.uid, String(token.pv), String(token.ep), token.deviceId, String(token.exp)];
}

export function formerDeviceMacFields(token: Omit<FormerDeviceToken, 'mac'>, email: string): string[] {
  return [FORMER_PREFIX, token.kv, email, token.deviceId, String(token.exp)];
}

export function deviceTokenExpired(token: Pick<DeviceToken, 'exp'>, now: number): boolean {
  return now >= token.exp * 1000;
}

/** Whether the token is of this account with its present password, and of a time that no restore undid. */
export function deviceTokenBelongs(token: Pick<DeviceToken, 'uid' | 'pv' | 'ep'>, credential: Credential, floor: number): boolean {
  return token.uid === credential.uid && token.pv === credential.pv && token.ep >= floor;
}

/**
 * A token that names an address alone says neither whose account it was nor under which password. Where the password is the first one and the
 * account is older than the token, it can only have been this one.
 */
export function formerDeviceTokenBelongs(token: Pick<DeviceToken, 'exp'>, user: Pick<User, 'pv' | 'createdAt'>, ttlSeconds: number): boolean {
  return user.pv === 1 && user.createdAt <= (token.exp - ttlSeconds) * 1000;
}
