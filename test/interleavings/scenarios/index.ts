import { ATTEMPTS } from './attempts';
import { KEYS } from './keys';
import { LOGOUT } from './logout';
import { ADMINISTRATION, PASSWORDS } from './passwords';
import { REFRESH } from './refresh';
import { REGISTRATION } from './registration';
import { SOURCES } from './sources';
import type { Scenario } from './scenario';
import { SESSION_CAP } from './session-cap';

/** Every scenario that each commit runs to its end. */
export const SCENARIOS: readonly Scenario[] = [
  ...REGISTRATION, ...LOGOUT, ...SESSION_CAP, ...REFRESH, ...PASSWORDS, ...ADMINISTRATION, ...ATTEMPTS, ...SOURCES, ...KEYS,
];
