// The reference: what each service synthesizes to from JavaScript, through the packed npm package.
const { App, Duration, Size, Stack } = require('aws-cdk-lib');
const { Certificate } = require('aws-cdk-lib/aws-certificatemanager');
const { HostedZone } = require('aws-cdk-lib/aws-route53');
const {
  AccessLogs, AuthAlarm, AuthApi, AuthFunctionName, AuthPreset, AuthRoute, AuthService, CloudFrontFirewall, Firewall, FunctionDeployment,
  LoginFailureLimit, MuteWindow,
  PasswordHashing, PointInTimeRecovery, ProfileAttribute, ProvisionedConcurrency, Registration, SigningAlgorithm, SigningKeys, TokenTransport,
} = require('cdk-auth-service');

const app = new App({ analyticsReporting: false, outdir: process.argv[2] });
new AuthService(new Stack(app, 'Quickstart'), 'Auth');
new AuthService(new Stack(app, 'Production'), 'Auth', { preset: AuthPreset.production() });
new AuthService(new Stack(app, 'Development'), 'Auth', { preset: AuthPreset.development() });
new AuthService(new Stack(app, 'HighScale'), 'Auth', { preset: AuthPreset.highScale() });
// Structs, lists of structs, enums, and a class with factories for most of what has one.
new AuthService(new Stack(app, 'Variants'), 'Auth', {
  serviceName: 'shop',
  webApp: { origins: ['https://app.example.com'] },
  api: AuthApi.rest({ accessLogs: AccessLogs.none(), routeThrottles: [{ route: AuthRoute.LOGIN, rateLimit: 20, burstLimit: 30 }] }),
  firewall: Firewall.managed({ requestsPerMinute: 500, blockedNetworks: ['192.0.2.0/24'] }),
  registration: Registration.inviteOnly(),
  profile: [ProfileAttribute.string('locale', { allowed: ['de', 'en'] }), ProfileAttribute.number('seats', { min: 1, max: 9 })],
  tokens: { sessionLifetime: Duration.days(7), transport: TokenTransport.both() },
  signingKeys: SigningKeys.rotating({ algorithm: SigningAlgorithm.EDDSA, every: Duration.days(7) }),
  passwords: { hashing: PasswordHashing.scrypt() },
  storage: { pointInTimeRecovery: PointInTimeRecovery.enabled(Duration.days(7)) },
  functions: {
    deployment: FunctionDeployment.canary({ percentage: 20 }),
    overrides: [{
      name: AuthFunctionName.LOGIN, memory: Size.mebibytes(1769), provisionedConcurrency: ProvisionedConcurrency.utilization({ min: 1, max: 5 }),
    }],
  },
  monitoring: {
    alarmOverrides: [{ alarm: AuthAlarm.LOGIN_LATENCY_P99, threshold: 1000 }],
    loginFailures: LoginFailureLimit.share(25, 100),
    muteWindows: [MuteWindow.recurring('0 2 * * SUN', Duration.hours(2))],
  },
});
// The other front, and keys that KMS keeps.
const firewall = new CloudFrontFirewall(new Stack(app, 'Edge'), 'Firewall', { serviceName: 'shop', requestsPerMinute: 500 });
const stack = new Stack(app, 'Fronted');
new AuthService(stack, 'Auth', {
  api: AuthApi.http({
    throttle: { rateLimit: 50 },
    customDomain: {
      domainName: 'auth.example.com',
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111111111111:certificate/1'),
      hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
    },
  }),
  firewall: Firewall.cloudFront(firewall.webAclArn),
  signingKeys: SigningKeys.kms({ keyIds: ['2026-11', '2027-05'], algorithm: SigningAlgorithm.RS256 }),
});
app.synth();
