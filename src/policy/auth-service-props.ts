import { RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { AbuseOptions } from './abuse';
import { AuthApi } from './api';
import { Firewall } from './firewall';
import { FunctionsOptions } from './functions';
import { MonitoringOptions } from './monitoring';
import { AuthNetwork } from './network';
import { PasswordOptions } from './passwords';
import { AuthPreset } from './preset';
import { ProfileAttribute } from './profile';
import { Registration } from './registration';
import { SigningKeys } from './signing-keys';
import { StorageOptions } from './storage';
import { TokenOptions } from './tokens';
import { WebAppOptions } from './web-app';

/** What can be set of an `AuthService`. Nothing has to be. */
export interface AuthServiceProps {
  /**
   * Defaults under all other props.
   * @default AuthPreset.production()
   */
  readonly preset?: AuthPreset;

  /**
   * Name of the service: of the API, of the metrics' dimension, in the audit log. 1 to 48 letters, digits and hyphens, unique in the account
   * and Region. A password must not contain it.
   * @default - from the names of stack and construct
   */
  readonly serviceName?: string;

  /**
   * The web application whose pages call the service from a browser.
   * @default - no browser calls the service
   */
  readonly webApp?: WebAppOptions;

  /**
   * The front of the service.
   * @default AuthApi.rest()
   */
  readonly api?: AuthApi;

  /**
   * What stands between the internet and the API.
   * @default - `Firewall.managed()` with `AuthApi.rest()`; with `AuthApi.http()` it has to be set
   */
  readonly firewall?: Firewall;

  /**
   * Who may create an account.
   * @default Registration.open()
   */
  readonly registration?: Registration;

  /**
   * Attributes of a user's profile.
   * @default - none
   */
  readonly profile?: ProfileAttribute[];

  /**
   * Tokens and sessions.
   * @default - access tokens of 15 minutes, sessions of 30 days
   */
  readonly tokens?: TokenOptions;

  /**
   * Keys that sign access tokens.
   * @default SigningKeys.rotating()
   */
  readonly signingKeys?: SigningKeys;

  /**
   * Rules for passwords, and how they are hashed.
   * @default - 15 code points at least, argon2id
   */
  readonly passwords?: PasswordOptions;

  /**
   * Limits against guessing and mass registration.
   * @default - 10 attempts per account and hour, waiting after 5 failures of a day
   */
  readonly abuse?: AbuseOptions;

  /**
   * The tables.
   * @default - on demand, with point-in-time recovery of 35 days
   */
  readonly storage?: StorageOptions;

  /**
   * The functions.
   * @default - the documented sizes, logs for 30 days, tracing
   */
  readonly functions?: FunctionsOptions;

  /**
   * Alarms, dashboard, service levels, saved queries.
   * @default - one alarm of each kind, a dashboard and saved queries: about 10 USD a month
   */
  readonly monitoring?: MonitoringOptions;

  /**
   * Whether the functions run in a VPC.
   * @default AuthNetwork.none()
   */
  readonly network?: AuthNetwork;

  /**
   * Key for tables, secrets and logs, of the service's Region; an alias only where it knows its key. A key from another account or one that was
   * imported must itself allow CloudWatch Logs of the Region to use it.
   * @default - keys that AWS owns
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of tables, secrets, keys and logs when the stack goes. By default they stay, but not if the very deployment that makes them
   * fails; the tables stay even then, protected against deletion as they are. `DESTROY` also lifts that protection.
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
