import { AuthFunctionName } from '../contract/functions';
import { AuthAlarm, LoginFailureLimit } from './alarms';
import { AuthApi } from './api';
import { AuthServiceProps } from './auth-service-props';
import { TableBackups } from './backups';
import { Firewall } from './firewall';
import { FunctionDeployment } from './function-deployment';
import { AuthLogLevel } from './functions';
import { MuteWindow } from './mute-windows';
import { AuthNetwork } from './network';
import { PasswordHashing } from './passwords';
import { AuthPreset } from './preset';
import { ProfileAttribute } from './profile';
import { ProvisionedConcurrency } from './provisioned-concurrency';
import { Registration } from './registration';
import { SigningKeys } from './signing-keys';
import { AuthTable, PointInTimeRecovery } from './storage';
import { TokenTransport } from './token-transport';
import { described, refuse } from './validation';

/** Structs of options, and lists of them. */
export const STRUCTS = ['abuse', 'functions', 'functions.overrides', 'monitoring', 'monitoring.alarmOverrides', 'monitoring.serviceLevels', 'passwords', 'storage', 'storage.overrides', 'tokens', 'webApp'];

export const LISTS = ['functions.overrides', 'monitoring.alarmOverrides', 'monitoring.muteWindows', 'profile', 'storage.overrides'];

/** The class of which a prop takes an object, and how one is made. */
export const CLASSES: Readonly<Record<string, readonly [type: { readonly name: string; readonly prototype: object }, example: string]>> = {
  'api': [AuthApi, 'AuthApi.rest()'],
  'firewall': [Firewall, 'Firewall.managed()'],
  'functions.deployment': [FunctionDeployment, 'FunctionDeployment.canary()'],
  'functions.overrides.deployment': [FunctionDeployment, 'FunctionDeployment.canary()'],
  'functions.overrides.provisionedConcurrency': [ProvisionedConcurrency, 'ProvisionedConcurrency.fixed(5)'],
  'monitoring.loginFailures': [LoginFailureLimit, 'LoginFailureLimit.share(50, 100)'],
  'monitoring.muteWindows': [MuteWindow, 'MuteWindow.once(\'2026-12-24T20:00\', Duration.hours(4))'],
  'network': [AuthNetwork, 'AuthNetwork.existingVpc(vpc)'],
  'passwords.hashing': [PasswordHashing, 'PasswordHashing.argon2id()'],
  'preset': [AuthPreset, 'AuthPreset.production()'],
  'profile': [ProfileAttribute, 'ProfileAttribute.string(\'locale\')'],
  'registration': [Registration, 'Registration.open()'],
  'signingKeys': [SigningKeys, 'SigningKeys.rotating()'],
  'storage.backups': [TableBackups, 'TableBackups.daily()'],
  'storage.pointInTimeRecovery': [PointInTimeRecovery, 'PointInTimeRecovery.enabled()'],
  'tokens.transport': [TokenTransport, 'TokenTransport.body()'],
};

export const ENUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'functions.logLevel': AuthLogLevel,
  'functions.overrides.logLevel': AuthLogLevel,
  'functions.overrides.name': AuthFunctionName,
  'monitoring.alarmOverrides.alarm': AuthAlarm,
  'storage.overrides.name': AuthTable,
};

/**
 * Refuses what the types forbid and plain JavaScript passes all the same. Without it a call that was forgotten (`Firewall.managed` for
 * `Firewall.managed()`) would leave out what it stands for, and nobody would be told.
 */
export function checkShapes(props: AuthServiceProps): void {
  for (const path of LISTS) {
    for (const value of valuesAt(props, path, false)) if (!Array.isArray(value)) refuse(path, got(value), 'a list');
  }
  for (const path of STRUCTS) {
    for (const value of valuesAt(props, path)) if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, got(value), 'an object of options');
  }
  for (const [path, [type, example]] of Object.entries(CLASSES)) {
    for (const value of valuesAt(props, path)) if (!isA(value, type)) refuse(path, got(value), `made by ${type.name}`, `such as ${example}`);
  }
  for (const [path, values] of Object.entries(ENUMS)) {
    for (const value of valuesAt(props, path)) {
      if (!Object.values(values).includes(value as string)) refuse(path, got(value), `one of ${Object.values(values).join(', ')}`);
    }
  }
}

/** What the props have at a path, of each entry of the lists on the way; nothing where it is left out. */
function valuesAt(props: object, path: string, entries = true): unknown[] {
  return path.split('.').reduce<unknown[]>((holders, name, index, names) => holders.flatMap((holder) => {
    const value = (holder as Readonly<Record<string, unknown>> | null)?.[name];
    if (value === undefined) return [];
    return Array.isArray(value) && (entries || index < names.length - 1) ? value : [value];
  }), [props]);
}

/** By the name as well: an app may have two copies of the library. */
function isA(value: unknown, type: { readonly name: string; readonly prototype: object }): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.prototype.isPrototypeOf.call(type.prototype, value) || value.constructor.name === type.name;
}

function got(value: unknown): string {
  if (typeof value === 'function') return 'a function that nobody called';
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'another object' : described(value);
}
