import { isIPv4, isIPv6 } from 'node:net';
import { Limits } from '../../src/contract/limits';

/** What counts attempts. The table knows it by a digest of its name only: `Lookup`. */
export interface Counter {
  /** The kind, then what tells one of the kind from the others. */
  readonly name: readonly string[];
  /** Whose SHA-256 was the key before there was a lookup secret; absent where no stop can lie there. */
  readonly unkeyedName?: string;
}

/** Of an account, known or not. */
export function accountCounter(email: string): Counter {
  return { name: ['account', email], unkeyedName: `account:${email}` };
}

/** Of a device that logged in to this account before: strangers cannot fill it. */
export function deviceCounter(uid: string, deviceId: string): Counter {
  return { name: ['device', uid, deviceId] };
}

/** Of a session that asks for its owner's password: strangers cannot fill it either. */
export function sessionCounter(email: string, sid: string): Counter {
  return { name: ['session', sid], unkeyedName: `device:${email}:${sid}` };
}

/** Of the logins that fail from a source address, whichever account they were for. */
export function failedLoginsCounter(sourceIp: string): Counter {
  return { name: ['failed-logins', sourceBucket(sourceIp)] };
}

/** Of the accounts that a source address creates. */
export function registrationCounter(sourceIp: string): Counter {
  return { name: ['registration', sourceBucket(sourceIp)] };
}

/**
 * End of the soft lock after so many failures of a day, this one included (epoch ms), or undefined while there is none: 30 s from the
 * first failure that locks, doubling to an hour.
 */
export function softLockUntil(failures: number, now: number, softLockAfter = 5): number | undefined {
  if (failures < softLockAfter) {
    return undefined;
  }
  return now + Math.min(Limits.SOFT_LOCK_FIRST_SECONDS * 2 ** (failures - softLockAfter), Limits.SOFT_LOCK_MAX_SECONDS) * 1000;
}

/**
 * The network that one subscriber holds: an IPv4 address or the /64 of an IPv6 address, in one spelling (T27). An IPv4 address written
 * as IPv6 (::ffff:0:0/96, what a listener for both families names an IPv4 client) is the IPv4 address; counted by its /64, all of IPv4 would
 * be one subscriber. No other form that carries an IPv4 address is unwrapped: in those the IPv6 prefix is what routes back to the sender,
 * and the rest is the sender's to choose. What is no address falls into one common bucket.
 */
export function sourceBucket(ip: string): string {
  if (isIPv4(ip)) {
    return `${ip}/32`;
  }
  // Without the zone.
  const address = ip.replace(/%.*$/, '');
  if (!isIPv6(address)) {
    return 'unknown';
  }
  const groups = ipv6Groups(address).map((group) => group.toString(16).padStart(4, '0'));
  if (groups.slice(0, 6).join(':') === '0000:0000:0000:0000:0000:ffff') {
    return `${Buffer.from(groups.slice(6).join(''), 'hex').join('.')}/32`;
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** The eight groups of a valid IPv6 address. */
function ipv6Groups(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const left = parseGroups(head);
  if (tail === undefined) {
    return left;
  }
  const right = parseGroups(tail);
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function parseGroups(text: string): number[] {
  if (text === '') {
    return [];
  }
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) {
      return [parseInt(group, 16)];
    }
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
