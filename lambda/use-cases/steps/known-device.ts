import { deviceMacFields, deviceTokenExpired, formatDeviceToken, parseDeviceToken } from '../../domain/device-token';
import { RefreshKey } from '../../domain/model';
import { Crypto } from '../../ports/crypto';
import { RefreshKeys } from '../../ports/keys';

export interface KnownDeviceDeps {
  readonly refreshKeys: Pick<RefreshKeys, 'find'>;
  readonly crypto: Pick<Crypto, 'mac' | 'equal'>;
}

/** Id of the device if its token proves an earlier login to this very account. Anything else is simply no known device. */
export async function knownDevice(deps: KnownDeviceDeps, email: string, text: string | undefined, now: number): Promise<string | undefined> {
  const token = text === undefined ? undefined : parseDeviceToken(text);
  if (token === undefined || deviceTokenExpired(token, now)) return undefined;
  const key = await deps.refreshKeys.find(token.kv);
  if (key === undefined) return undefined;
  return deps.crypto.equal(deps.crypto.mac(key.key, deviceMacFields(token, email)), token.mac) ? token.deviceId : undefined;
}

export function deviceToken(crypto: Pick<Crypto, 'mac'>, input: { readonly email: string; readonly deviceId: string; readonly expiresAt: number; readonly refreshKey: RefreshKey }): string {
  const fields = { kv: input.refreshKey.kv, deviceId: input.deviceId, exp: Math.floor(input.expiresAt / 1000) };
  return formatDeviceToken({ ...fields, mac: crypto.mac(input.refreshKey.key, deviceMacFields(fields, input.email)) });
}
