import { CfnParameter, Duration } from 'aws-cdk-lib';
import type { AuthServiceProps } from '../../../../src';
import { AuthFunctionName, Firewall, PasswordHashing, SigningKeys } from '../../../../src';
import type { WrongProps } from './wrong';

/** What the types forbid and plain JavaScript passes all the same. */
const untyped = (props: object) => () => props as AuthServiceProps;

/** Values that are missing or of another kind than was asked for. */
export const WRONG_SHAPES: readonly WrongProps[] = [
  ['a firewall that nobody made', untyped({ firewall: Firewall.managed }), 'firewall must be made by Firewall, got a function that nobody called: such as Firewall.managed()'],
  ['the name of a firewall', untyped({ firewall: 'managed' }), 'firewall must be made by Firewall, got "managed": such as Firewall.managed()'],
  ['the name of a preset', untyped({ preset: 'development' }), 'preset must be made by AuthPreset, got "development": such as AuthPreset.production()'],
  ['null for an api', untyped({ api: null }), 'api must be made by AuthApi, got null: such as AuthApi.rest()'],
  ['a firewall for an api', untyped({ api: Firewall.disabled() }), 'api must be made by AuthApi, got another object: such as AuthApi.rest()'],
  ['the name of a transport', untyped({ tokens: { transport: 'cookie' } }), 'tokens.transport must be made by TokenTransport, got "cookie": such as TokenTransport.body()'],
  ['a hashing that nobody made', untyped({ passwords: { hashing: PasswordHashing.scrypt } }), 'passwords.hashing must be made by PasswordHashing, got a function that nobody called: such as PasswordHashing.argon2id()'],
  ['names of attributes', untyped({ profile: ['locale'] }), 'profile must be made by ProfileAttribute, got "locale": such as ProfileAttribute.string(\'locale\')'],
  ['an object of attributes', untyped({ profile: { locale: 'string' } }), 'profile must be a list, got another object'],
  ['null for options', untyped({ tokens: null }), 'tokens must be an object of options, got null'],
  ['a number for options', untyped({ functions: { overrides: [5] } }), 'functions.overrides must be an object of options, got 5'],
  ['a function that is not there', untyped({ functions: { overrides: [{ name: 'logn' }] } }), `functions.overrides.name must be one of ${Object.values(AuthFunctionName).join(', ')}, got "logn"`],
  ['an algorithm with a shared secret', () => ({ signingKeys: SigningKeys.rotating({ algorithm: 'HS256' as never }) }), 'signingKeys: algorithm must be one of ES256, RS256, EdDSA, got "HS256"'],
  ['a webApp of nothing', untyped({ webApp: {} }), 'webApp.origins must be a list of origins, got nothing: leave webApp out if no browser calls the service'],
  ['one origin for a list', untyped({ webApp: { origins: 'https://app.example.com' } }), 'webApp.origins must be a list, got "https://app.example.com"'],
  ['null for a list', untyped({ tokens: { defaultScopes: null } }), 'tokens.defaultScopes must be a list, got null'],
  ['one scope for a list', untyped({ tokens: { defaultScopes: 'orders:read' } }), 'tokens.defaultScopes must be a list, got "orders:read"'],
  ['a number for a duration', untyped({ tokens: { accessTokenLifetime: 900 } }), 'tokens.accessTokenLifetime must be a Duration, got 900: such as Duration.minutes(15)'],
  ['null for a duration', untyped({ tokens: { sessionLifetime: null } }), 'tokens.sessionLifetime must be a Duration, got null: such as Duration.minutes(15)'],
  ['a number for a name', untyped({ serviceName: 5 }), 'serviceName must be 1 to 48 letters, digits and inner hyphens, got 5'],
  ['null for a number', untyped({ abuse: { attemptsPerHour: null } }), 'abuse.attemptsPerHour must be a whole number between 3 and 100, got null'],
  ['a text for a network', () => ({ firewall: Firewall.managed({ blockedNetworks: '192.0.2.0/24' as never }) }), 'firewall: blockedNetworks must be a list, got "192.0.2.0/24"'],
  ['days that CloudFormation knows', (stack) => ({ tokens: { sessionLifetime: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber) } }),
    'tokens.sessionLifetime must be in seconds, got a number known only at deployment in another unit: write Duration.seconds()'],
];
