import { Limits } from '../contract/limits';
import { checkInteger } from './validation';

/** Limits against guessing and against mass registration, beside those of the firewall. */
export interface AbuseOptions {
  /**
   * Password attempts per account and hour, wherever they come from: 3 to 100. A device that has logged in before has a counter of
   * its own, so that strangers cannot lock an owner out.
   * @default 10
   */
  readonly attemptsPerHour?: number;

  /**
   * Failures of a day (UTC) after which the account waits, 30 seconds first, doubling with each further one up to an hour: 1 to 20. A right password in
   * between takes none of them away, so that strangers cannot see it.
   * @default 5
   */
  readonly softLockAfter?: number;

  /**
   * Failed logins that one source address (IPv4 /32, IPv6 /64) may have in an hour, whichever accounts they were for: 1 to 10000. Above it, its
   * logins are refused before a password is looked at, but those of devices that have logged in to the account before. What is being looked
   * at when the limit is reached is still answered. Raise it where many users share an address.
   * @default 100, 1000 with `AuthPreset.highScale()`
   */
  readonly failedLoginsPerSource?: number;

  /**
   * Accounts that one source address (IPv4 /32, IPv6 /64) may create in an hour: 1 to 10000. Raise it where many users share an address.
   * @default 100, 1000 with `AuthPreset.highScale()`
   */
  readonly registrationsPerHour?: number;
}

/** Whether the limits limit, and still let owners in. */
export function checkAbuse(abuse: AbuseOptions): void {
  checkInteger('abuse.attemptsPerHour', abuse.attemptsPerHour, 3, Limits.FAILURES_UNTIL_STOP);
  checkInteger('abuse.softLockAfter', abuse.softLockAfter, 1, 20);
  checkInteger('abuse.failedLoginsPerSource', abuse.failedLoginsPerSource, 1, 10000);
  checkInteger('abuse.registrationsPerHour', abuse.registrationsPerHour, 1, 10000);
}
