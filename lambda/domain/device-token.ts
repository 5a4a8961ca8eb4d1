/** The parts of `dt1.<kv>.<deviceId>.<exp>.<mac>`: proof that this device logged in to the account before. Admits to a counter, to nothing else. */
export interface DeviceToken {
  /** Id of the refresh key that the MAC is made with. */
  readonly kv: string;
  /** 128 random bits, base64url. */
  readonly deviceId: string;
  /** Epoch seconds. */
  readonly exp: number;
  /** base64url of HMAC-SHA-256 over `deviceMacFields`. */
  readonly mac: string;
}

const PREFIX = 'dt1';
const FORMAT = /^dt1\.([a-z0-9]{8})\.([A-Za-z0-9_-]{21}[AQgw])\.([1-9][0-9]{9})\.([A-Za-z0-9_-]{43})$/;
const MAX_LENGTH = 96;

export function formatDeviceToken(token: DeviceToken): string {
  return `${PREFIX}.${token.kv}.${token.deviceId}.${token.exp}.${token.mac}`;
}

/** The parts of a token, or undefined when the text is not the one spelling of a device token. Says nothing about its MAC. */
export function parseDeviceToken(text: string): DeviceToken | undefined {
  const [, kv, deviceId, exp, mac] = (text.length <= MAX_LENGTH && FORMAT.exec(text)) || [];
  return kv && deviceId && exp && mac ? { kv, deviceId, exp: Number(exp), mac } : undefined;
}

/** What the MAC covers: the address is part of it, so a token of one account is nothing to another. */
export function deviceMacFields(token: Pick<DeviceToken, 'kv' | 'deviceId' | 'exp'>, email: string): string[] {
  return [PREFIX, token.kv, email, token.deviceId, String(token.exp)];
}

export function deviceTokenExpired(token: Pick<DeviceToken, 'exp'>, now: number): boolean {
  return now >= token.exp * 1000;
}
