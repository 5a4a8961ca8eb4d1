import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { AuthServiceProps } from './auth-service-props';
import { isBehindCloudFront } from './front';
import { isZero } from './tokens';
import { isAppOrigin } from './web-app';

/** A choice that makes the service weaker than its defaults. */
export interface Weakness {
  /** What follows `cdk-auth-service:` in the id of the warning. */
  readonly id: string;
  readonly message: string;
  readonly present: (props: AuthServiceProps) => boolean;
}

/** What synthesis warns of. Only what is set explicitly counts: a preset speaks for itself. */
export const WEAKNESSES: readonly Weakness[] = [
  {
    id: 'developmentPreset',
    message: 'the development preset deletes users and keys with the stack and keeps no backups',
    present: (props) => props.preset?._name === 'development',
  },
  {
    id: 'dataLoss',
    message: 'removalPolicy DESTROY deletes users and keys with the stack',
    present: (props) => props.removalPolicy === RemovalPolicy.DESTROY,
  },
  {
    id: 'noBackups',
    message: 'without point-in-time recovery a deleted user is lost for ever',
    present: (props) => props.storage?.pointInTimeRecovery !== undefined && props.storage.pointInTimeRecovery._days === undefined,
  },
  {
    id: 'noFirewall',
    message: 'without a firewall nothing limits what one address may send before it costs invocations; Firewall.managed() does, before an HTTP API Firewall.cloudFront()',
    present: (props) => props.firewall?._kind === 'disabled',
  },
  {
    id: 'cloudFrontCertificate',
    message: 'under its own address CloudFront lets clients speak TLS 1.0; customDomain in the options of AuthApi.http() asks for TLS 1.2',
    present: (props) => isBehindCloudFront(props.api, props.firewall) && props.api?._options.customDomain === undefined,
  },
  {
    id: 'noWayToCloudFront',
    message: 'CloudFront has no VPC endpoint: rotate-keys, which renews the secret between CloudFront and the functions, needs a way from the VPC to the internet',
    present: (props) => isBehindCloudFront(props.api, props.firewall) && props.network?._options.createEndpoints === true,
  },
  {
    id: 'noAccessLogs',
    message: 'without access logs nobody can find out afterwards who called what',
    present: (props) => props.api?._options.accessLogs?._destination === 'none',
  },
  {
    id: 'tokensInBody',
    message: 'with tokens in bodies a script injected into the web application can steal refresh tokens; TokenTransport.cookie() keeps them from scripts',
    present: (props) => props.webApp !== undefined && props.tokens?.transport?._mode === 'body',
  },
  {
    id: 'appsWithoutCookies',
    message: 'a web view or an extension is of another site than the service, whose cookie it never gets; TokenTransport.both() lets it keep its tokens itself',
    present: (props) => props.webApp !== undefined && props.webApp.origins.some(isAppOrigin) && (props.tokens?.transport?._mode ?? 'cookie') === 'cookie',
  },
  {
    id: 'unreadableRefusals',
    message: 'with two or more origins a page that sends cookies cannot read what the web ACL refuses itself (413, 429), and without Firewall.managed() what API Gateway does (404, 413, 429, 503): '
      + 'it sees a network error and should try again later, as on 503',
    present: ({ webApp, tokens, api, firewall }) => webApp !== undefined && webApp.origins.length > 1 && (tokens?.transport?._usesCookies ?? true)
      && !(api?._kind === 'http' && firewall?._kind === 'disabled'),
  },
  {
    id: 'shortPasswords',
    message: 'passwords of less than 15 code points are weaker than NIST SP 800-63B-4 allows while they are the only factor',
    present: (props) => (props.passwords?.minLength ?? 15) < 15,
  },
  {
    id: 'weakerHashing',
    message: 'bcrypt resists graphics cards less than argon2id',
    present: (props) => props.passwords?.hashing?._weaker ?? false,
  },
  {
    id: 'moreAttempts',
    message: 'above 20 attempts an hour a common password is found within days',
    present: (props) => (props.abuse?.attemptsPerHour ?? 0) > 20,
  },
  {
    id: 'laterSoftLock',
    message: 'an account waits only after more than 10 failures of a day',
    present: (props) => (props.abuse?.softLockAfter ?? 0) > 10,
  },
  {
    id: 'manyFailedLogins',
    message: 'one address may fail more than 1000 logins an hour, so that it can try a common password on as many accounts',
    present: (props) => (props.abuse?.failedLoginsPerSource ?? 0) > 1000,
  },
  {
    id: 'manyRegistrations',
    message: 'one address may create more than 1000 accounts an hour',
    present: (props) => (props.abuse?.registrationsPerHour ?? 0) > 1000,
  },
  {
    id: 'longSessions',
    message: 'sessions of more than 30 days last longer than NIST SP 800-63B-4 allows without another login',
    present: (props) => longer(props.tokens?.sessionLifetime, Duration.days(30)),
  },
  {
    id: 'longGrace',
    message: 'a stolen refresh token that is used within the grace of more than 10 seconds is taken for a concurrent refresh',
    present: (props) => longer(props.tokens?.concurrentRefreshGrace, Duration.seconds(10)),
  },
  {
    id: 'longLostAnswerWindow',
    message: 'a stolen refresh token is worth something for more than an hour, as long as nobody has used its successor',
    present: (props) => longer(props.tokens?.lostAnswerWindow, Duration.hours(1)),
  },
  {
    id: 'windowWithoutGrace',
    message: 'tokens.lostAnswerWindow has no effect while tokens.concurrentRefreshGrace is 0, which takes every token that comes back for theft',
    present: ({ tokens }) => isZero(tokens?.concurrentRefreshGrace) && longer(tokens?.lostAnswerWindow, Duration.seconds(0)),
  },
  {
    id: 'noAlarms',
    message: 'without alarms nobody is told of an attack, of an outage or of a rotation that failed',
    present: (props) => props.monitoring?.alarms === false,
  },
  {
    id: 'noTracing',
    message: 'without tracing slow requests cannot be explained',
    present: (props) => props.functions?.tracing === Tracing.DISABLED,
  },
  {
    id: 'signQuota',
    message: 'each login and each refresh asks KMS for a signature: an account may ask for 1000 a second in a Region unless the quota "Cryptographic operations '
      + '(ECC) request rate" was raised, (RSA) for RS256, shared with all that use such keys, and what is above it is answered with 503; '
      + '10000 signatures cost 0.15 USD',
    present: (props) => props.preset?._name === 'high-scale' && props.signingKeys?._kind === 'kms',
  },
];

function longer(duration: Duration | undefined, limit: Duration): boolean {
  return duration !== undefined && !duration.isUnresolved() && duration.toMilliseconds() > limit.toMilliseconds();
}
