import { Duration, Lazy, RemovalPolicy, Size, Token } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import type { AuthServiceProps } from '../../../../src';
import {
  AccessLogs, AuthApi, AuthFunctionName, AuthNetwork, AuthRoute, Firewall, PasswordHashing, PointInTimeRecovery, ProfileAttribute, SigningKeys,
  TokenTransport,
} from '../../../../src';
import type { WrongProps } from './wrong';

const origins = (...list: string[]): AuthServiceProps => ({ webApp: { origins: list } });
const override = (name: AuthFunctionName, rest: { timeout?: Duration; memory?: Size }): AuthServiceProps => ({ functions: { overrides: [{ name, ...rest }] } });
const later = () => Lazy.string({ produce: () => 'later' });
const WEB_ACL = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/name/id';

/** What was got, what is allowed, what to do: whole messages, since they are what a user reads. */
export const WRONG_PROPS: readonly WrongProps[] = [
  ['serviceName with a space', () => ({ serviceName: 'my shop' }), 'serviceName is "my shop", allowed is 1 to 48 letters, digits and inner hyphens'],
  ['serviceName that is empty', () => ({ serviceName: '' }), 'serviceName is "", allowed is 1 to 48 letters, digits and inner hyphens'],
  ['serviceName with a hyphen at its end', () => ({ serviceName: 'shop-' }), 'serviceName is "shop-", allowed is 1 to 48 letters, digits and inner hyphens'],
  ['serviceName of 49 characters', () => ({ serviceName: 'a'.repeat(49) }), `serviceName is "${'a'.repeat(49)}", allowed is 1 to 48 letters, digits and inner hyphens`],
  ['serviceName known later', () => ({ serviceName: later() }),
    'serviceName is a value known only at deployment, allowed is a literal name: alarms, dashboards and the audit log are named by it at synthesis'],

  ['no origin', () => origins(), 'webApp.origins is a list of 0, allowed is 1 to 10 origins: leave webApp out if no browser calls the service'],
  ['eleven origins', () => origins(...Array.from({ length: 11 }, (_, index) => `https://${index}.example.com`)),
    'webApp.origins is a list of 11, allowed is 1 to 10 origins: every one may act for its users: give further web applications a service of their own'],
  ['origin known later', () => origins(later()),
    'webApp.origins is a value known only at deployment, allowed is a literal origin: the exact text decides which pages may call; write it out or read it from context'],
  ['origin with a wildcard', () => origins('https://*.example.com'), 'webApp.origins is "https://*.example.com", allowed is an exact origin such as https://app.example.com: list each origin by itself'],
  ['origin null', () => origins('null'),
    'webApp.origins is "null", allowed is an exact origin such as https://app.example.com: every sandboxed frame and every file is null, whoever made it: '
    + 'give the app an origin of its own, or leave webApp out and use TokenTransport.body()'],
  ['origin without a scheme', () => origins('app.example.com'), 'webApp.origins is "app.example.com", allowed is an exact origin such as https://app.example.com'],
  ['origin with a path', () => origins('https://app.example.com/'),
    'webApp.origins is "https://app.example.com/", allowed is an exact origin such as https://app.example.com: write https://app.example.com'],
  ['origin in capitals', () => origins('https://App.Example.com'),
    'webApp.origins is "https://App.Example.com", allowed is an exact origin such as https://app.example.com: write https://app.example.com'],
  ['origin with the default port', () => origins('https://app.example.com:443'),
    'webApp.origins is "https://app.example.com:443", allowed is an exact origin such as https://app.example.com: write https://app.example.com'],
  ['origin over http', () => origins('http://app.example.com'),
    'webApp.origins is "http://app.example.com", allowed is https, or http on localhost or 127.0.0.1: serve the web application over https'],
  ['origin over http on another address of the loopback', () => origins('http://127.0.0.2:5173'),
    'webApp.origins is "http://127.0.0.2:5173", allowed is https, or http on localhost or 127.0.0.1: serve the web application over https'],
  ...['capacitor://app', 'capacitor://localhost/', 'ionic://localhost:8080', 'file://', 'app://localhost', 'chrome-extension://short', 'moz-extension://short', 'javascript:alert(1)']
    .map((origin): WrongProps => [`origin ${origin}`, () => origins(origin), `webApp.origins is ${JSON.stringify(origin)}, allowed is https, http on localhost, or `
      + 'capacitor://localhost, ionic://localhost, chrome-extension:// and moz-extension:// with the id of the extension']),
  ['origin twice', () => origins('https://a.example.com', 'https://a.example.com'), 'webApp.origins is a list with "https://a.example.com" twice, allowed is each value once'],

  ['throttle of zero', () => ({ api: AuthApi.rest({ throttle: { rateLimit: 0 } }) }), 'api: throttle: rateLimit is 0, allowed is a number above 0'],
  ['burst of zero', () => ({ api: AuthApi.rest({ throttle: { rateLimit: 1, burstLimit: 0 } }) }), 'api: throttle: burstLimit is 0, allowed is a whole number from 1 to 1000000'],
  ['negative throttle of a route', () => ({ api: AuthApi.rest({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: -1 }] }) }),
    'api: throttle of POST /login: rateLimit is -1, allowed is a number above 0'],
  ['two throttles of a route', () => ({ api: AuthApi.rest({ routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 1 }, { route: AuthRoute.LOGIN, rateLimit: 2 }] }) }),
    'api: routeThrottles is a list with "POST /login" twice, allowed is each value once'],
  ['delivery stream of another name', (stack) => ({
    api: AuthApi.rest({ accessLogs: AccessLogs.firehose(DeliveryStream.fromDeliveryStreamAttributes(stack, 'Stream', { deliveryStreamName: 'logs' })) }),
  }), 'api: accessLogs is a stream named "logs", allowed is a name that begins with amazon-apigateway-: API Gateway accepts no other'],

  ['rate below what AWS WAF takes', () => ({ firewall: Firewall.managed({ authenticationRequestsPerMinute: 9 }) }),
    'firewall: authenticationRequestsPerMinute is 9, allowed is a whole number from 10 to 2000000000'],
  ['rate with a fraction', () => ({ firewall: Firewall.managed({ requestsPerMinute: 10.5 }) }), 'firewall: requestsPerMinute is 10.5, allowed is a whole number from 10 to 2000000000'],
  ['single address', () => ({ firewall: Firewall.managed({ blockedNetworks: ['192.0.2.1'] }) }),
    'firewall: blockedNetworks is "192.0.2.1", allowed is CIDR notation such as 192.0.2.0/24 or 2001:db8::/32: a single address is /32 or /128; AWS WAF knows no /0'],
  ['the whole internet', () => ({ firewall: Firewall.managed({ blockedNetworks: ['::/0'] }) }),
    'firewall: blockedNetworks is "::/0", allowed is CIDR notation such as 192.0.2.0/24 or 2001:db8::/32: a single address is /32 or /128; AWS WAF knows no /0'],
  ['network twice', () => ({ firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '192.0.2.0/24'] }) }),
    'firewall: blockedNetworks is a list with "192.0.2.0/24" twice, allowed is each value once'],
  ['web ACL of CloudFront', () => ({ firewall: Firewall.existing(WEB_ACL) }),
    `firewall: web ACL is "${WEB_ACL}", allowed is the ARN of a regional web ACL of AWS WAF: a web ACL of scope CLOUDFRONT cannot guard an API of a Region`],

  ['attribute in upper camel case', () => ({ profile: [ProfileAttribute.string('Locale')] }),
    'profile attribute name is "Locale", allowed is lower camel case of 1 to 32 letters and digits'],
  ['attribute __proto__', () => ({ profile: [ProfileAttribute.boolean('__proto__')] }),
    'profile attribute name is "__proto__", allowed is lower camel case of 1 to 32 letters and digits'],
  ['attribute with a name of the service', () => ({ profile: [ProfileAttribute.number('sv')] }),
    'profile attribute name is "sv", allowed is a name that the service does not use itself: choose another one'],
  ['attribute twice', () => ({ profile: [ProfileAttribute.string('locale'), ProfileAttribute.boolean('locale')] }), 'profile is a list with "locale" twice, allowed is each value once'],
  ['attribute without length', () => ({ profile: [ProfileAttribute.string('locale', { maxLength: 0 })] }),
    'profile attribute locale: maxLength is 0, allowed is a whole number from 1 to 256'],
  ['attribute without values', () => ({ profile: [ProfileAttribute.string('locale', { allowed: [] })] }),
    'profile attribute locale: allowed is an empty list, allowed is at least one value: leave it out to allow any text'],
  ['attribute with a value twice', () => ({ profile: [ProfileAttribute.string('locale', { allowed: ['de', 'de'] })] }),
    'profile attribute locale: allowed is a list with "de" twice, allowed is each value once'],
  ['attribute whose values are too long', () => ({ profile: [ProfileAttribute.string('locale', { allowed: ['german'], maxLength: 2 })] }),
    'profile attribute locale: allowed is a value of 6 code points, allowed is at most maxLength, 2'],
  ['attribute with bounds the wrong way round', () => ({ profile: [ProfileAttribute.number('seats', { min: 2, max: 1 })] }),
    'profile attribute seats: min is 2, allowed is at most max, 1'],
  ['attribute with a bound that is no number', () => ({ profile: [ProfileAttribute.number('seats', { min: Number.NaN })] }),
    'profile attribute seats: min is NaN, allowed is a finite number'],
  ['attribute with an infinite bound', () => ({ profile: [ProfileAttribute.number('seats', { max: Number.POSITIVE_INFINITY })] }),
    'profile attribute seats: max is Infinity, allowed is a finite number'],
  ['profile that is too large', () => ({ profile: ['a', 'b', 'c'].map((name) => ProfileAttribute.string(name, { maxLength: 256 })) }),
    'profile is a list that needs 777 bytes, allowed is at most 512 bytes with names: lower maxLength, or keep large values in a table of your own under the user id'],

  ['access tokens of an hour', () => ({ tokens: { accessTokenLifetime: Duration.hours(1) } }),
    'tokens.accessTokenLifetime is 1 hour, allowed is 1 minute to 15 minutes in whole seconds: a stolen access token lives that long; for long sessions raise tokens.sessionLifetime'],
  ['sessions of two years', () => ({ tokens: { sessionLifetime: Duration.days(730) } }), 'tokens.sessionLifetime is 730 days, allowed is 1 hour to 365 days in whole seconds'],
  ['idle longer than the session', () => ({ tokens: { sessionLifetime: Duration.hours(2), idleTimeout: Duration.hours(3) } }),
    'tokens.idleTimeout is 3 hours, allowed is 15 minutes to 2 hours in whole seconds: it lies between the life of an access token and the life of a session'],
  ['grace of a second', () => ({ tokens: { concurrentRefreshGrace: Duration.seconds(1) } }),
    'tokens.concurrentRefreshGrace is 1 second, allowed is 3 seconds to 1 minute in whole seconds: or Duration.seconds(0), which takes each concurrent refresh for theft'],
  ['grace of milliseconds', () => ({ tokens: { concurrentRefreshGrace: Duration.millis(3500) } }),
    'tokens.concurrentRefreshGrace is 3 seconds 500 millis, allowed is 3 seconds to 1 minute in whole seconds: or Duration.seconds(0), which takes each concurrent refresh for theft'],
  ['issuer over http', () => ({ tokens: { issuer: 'http://auth.example.com' } }),
    'tokens.issuer is "http://auth.example.com", allowed is an https URL without query, fragment and trailing slash: verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)'],
  ['issuer with a slash at its end', () => ({ tokens: { acceptedIssuers: ['https://auth.example.com/'] } }),
    'tokens.acceptedIssuers is "https://auth.example.com/", allowed is an https URL without query, fragment and trailing slash: verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)'],
  ['issuer that is no URL', () => ({ tokens: { issuer: 'auth' } }), 'tokens.issuer is "auth", allowed is an https URL without query, fragment and trailing slash'],
  ['empty audience', () => ({ tokens: { audience: '' } }), 'tokens.audience is "", allowed is 1 to 200 printable ASCII characters without spaces'],
  ['scope with a space', () => ({ tokens: { defaultScopes: ['a b'] } }),
    'tokens.defaultScopes is "a b", allowed is scopes of 1 to 64 printable ASCII characters without space, quote and backslash (RFC 6749 section 3.3)'],
  ['scope twice', () => ({ tokens: { defaultScopes: ['a', 'a'] } }), 'tokens.defaultScopes is a list with "a" twice, allowed is each value once'],
  ['too many scopes', () => ({ tokens: { defaultScopes: Array.from({ length: 21 }, (_, index) => `s${index}`) } }),
    'tokens.defaultScopes is a list of 21, allowed is at most 20 scopes: each stands in every access token'],
  ['scope known later', () => ({ tokens: { defaultScopes: [later()] } }), 'tokens.defaultScopes is a value known only at deployment, allowed is literal scopes'],
  ['cookies without a web application', () => ({ tokens: { transport: TokenTransport.cookie() } }),
    'tokens.transport is one with cookies without webApp, allowed is TokenTransport.body() for a service that no browser calls: set webApp.origins: the check of the origin is what protects a cookie'],

  ['rotation of five hours', () => ({ signingKeys: SigningKeys.rotating({ every: Duration.hours(5) }) }),
    'signingKeys.every is 5 hours, allowed is 4, 6, 8 or 12 hours, or 1, 2, 3, 5, 6, 7, 10, 15, 30, 60, 90, 120, 180, 360 or 365 days: the schedule of Secrets Manager keeps only such periods'],
  ['rotation known later', () => ({ signingKeys: SigningKeys.rotating({ every: Duration.days(Token.asNumber({ Ref: 'Days' })) }) }),
    'signingKeys.every is a value known only at deployment, allowed is 4, 6, 8 or 12 hours, or 1, 2, 3, 5, 6, 7, 10, 15, 30, 60, 90, 120, 180, 360 or 365 days: the schedule of Secrets Manager keeps only such periods'],
  ['no key of KMS', () => ({ signingKeys: SigningKeys.kms({ keyIds: [] }) }),
    'signingKeys.keyIds is a list of 0, allowed is 1 to 5 names: the newest key signs; older ones are needed until their tokens have expired'],
  ['six keys of KMS', () => ({ signingKeys: SigningKeys.kms({ keyIds: ['1', '2', '3', '4', '5', '6'] }) }),
    'signingKeys.keyIds is a list of 6, allowed is 1 to 5 names: the newest key signs; older ones are needed until their tokens have expired'],
  ['key of KMS twice', () => ({ signingKeys: SigningKeys.kms({ keyIds: ['2026-11', '2026-11'] }) }), 'signingKeys.keyIds is a list with "2026-11" twice, allowed is each value once'],
  ['key of KMS by its ARN', () => ({ signingKeys: SigningKeys.kms({ keyIds: ['arn:aws:kms:eu-central-1:111111111111:key/1'] }) }),
    'signingKeys.keyIds is "arn:aws:kms:eu-central-1:111111111111:key/1", allowed is 1 to 32 letters, digits and inner hyphens: such as "2026-11"'],
  ['key of KMS known later', () => ({ signingKeys: SigningKeys.kms({ keyIds: [later()] }) }),
    'signingKeys.keyIds is a value known only at deployment, allowed is literal names: the template holds one key for each'],
  ['deployment that cannot wait for verifiers', () => override(AuthFunctionName.ROTATE_KEYS, { timeout: Duration.minutes(1) }),
    'functions.overrides: timeout of rotate-keys is 1 minute, allowed is 2 minutes to 15 minutes in whole seconds: a deployment with new signing keys waits in it until every verifier knows them'],

  ['password of 7 code points', () => ({ passwords: { minLength: 7 } }), 'passwords.minLength is 7, allowed is a whole number from 8 to 64: NIST SP 800-63B-4 asks for 8 at least, and more than 64 shuts password managers out'],
  ['five kinds of characters', () => ({ passwords: { characterClasses: 5 } }), 'passwords.characterClasses is 5, allowed is a whole number from 0 to 4'],
  ['bcrypt of cost 4', () => ({ passwords: { hashing: PasswordHashing.bcrypt({ cost: 4 }) } }),
    'passwords.hashing: cost of bcrypt is 4, allowed is a whole number from 10 to 14: below 10 it is too fast to guess, above 14 a login takes seconds'],

  ['two attempts an hour', () => ({ abuse: { attemptsPerHour: 2 } }), 'abuse.attemptsPerHour is 2, allowed is a whole number from 3 to 100'],
  ['soft lock never', () => ({ abuse: { softLockAfter: 21 } }), 'abuse.softLockAfter is 21, allowed is a whole number from 1 to 20'],
  ['no registrations', () => ({ abuse: { registrationsPerHour: 0 } }), 'abuse.registrationsPerHour is 0, allowed is a whole number from 1 to 10000'],

  ['backups of 36 days', () => ({ storage: { pointInTimeRecovery: PointInTimeRecovery.enabled(Duration.days(36)) } }), 'storage.pointInTimeRecovery is 36 days, allowed is 1 to 35 whole days'],
  ['backups of a day and a half', () => ({ storage: { pointInTimeRecovery: PointInTimeRecovery.enabled(Duration.hours(36)) } }),
    'storage.pointInTimeRecovery is 1 day 12 hours, allowed is 1 to 35 whole days'],

  ['time-out beyond API Gateway', () => override(AuthFunctionName.LOGIN, { timeout: Duration.seconds(30) }),
    'functions.overrides: timeout of login is 30 seconds, allowed is 1 second to 29 seconds in whole seconds'],
  ['time-out beyond Lambda', () => override(AuthFunctionName.ADMIN, { timeout: Duration.minutes(16) }),
    'functions.overrides: timeout of admin is 16 minutes, allowed is 1 second to 15 minutes in whole seconds'],
  ['refresh that outlasts half the grace', () => override(AuthFunctionName.REFRESH, { timeout: Duration.seconds(5) }),
    'functions.overrides: timeout of refresh is 5 seconds, allowed is less than half of tokens.concurrentRefreshGrace, 10 seconds: '
    + 'raise the grace or lower the timeout: the retry of a client that lost an answer must not look like theft'],
  ['memory below Lambda\'s least', () => override(AuthFunctionName.LOGIN, { memory: Size.mebibytes(127) }), 'functions.overrides: memory of login is 127 MB, allowed is 128 MB to 10240 MB'],
  ['memory for hashing below what scrypt needs', () => ({ ...override(AuthFunctionName.LOGIN, { memory: Size.mebibytes(128) }), passwords: { hashing: PasswordHashing.scrypt() } }),
    'functions.overrides: memory of login is 128 MB, allowed is at least 512 MB with PasswordHashing.scrypt(): each hash takes 128 MB beside the function itself'],
  ['function twice', () => ({ functions: { overrides: [{ name: AuthFunctionName.LOGIN }, { name: AuthFunctionName.LOGIN }] } }),
    'functions.overrides is a list with "login" twice, allowed is each value once: put all settings of a function into one entry'],

  ['no security group', (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { securityGroups: [] }) }),
    'network: securityGroups is an empty list, allowed is at least one: leave it out for a new one'],
  ['a public subnet', (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { subnets: { subnetType: SubnetType.PUBLIC } }) }),
    'network: subnets is a selection with a public subnet, allowed is private subnets: a function has no public address, so nothing can be reached from there'],
  ['a VPC without private subnets', (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc', { subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED }] })) }),
    'network: subnets is of type Private, allowed is a selection of subnets that the VPC has: '
    + 'for a VPC without a way to the internet choose SubnetType.PRIVATE_ISOLATED, and createEndpoints'],
  ['a group of subnets that there is not', (stack) => ({ network: AuthNetwork.existingVpc(new Vpc(stack, 'Vpc'), { subnets: { subnetGroupName: 'Functions' } }) }),
    'network: subnets is a selection of no subnet, allowed is a selection of subnets that the VPC has: '
    + 'for a VPC without a way to the internet choose SubnetType.PRIVATE_ISOLATED, and createEndpoints'],
  ['snapshots', () => ({ removalPolicy: RemovalPolicy.SNAPSHOT }),
    'removalPolicy is SNAPSHOT, allowed is RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY: CloudFormation takes no snapshots of tables and secrets'],
];
