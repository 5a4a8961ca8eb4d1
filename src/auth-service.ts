import { Stack } from 'aws-cdk-lib';
import { RequestAuthorizer, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Alarm, Dashboard, IAlarmAction, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { ServiceFront } from './api/service-front';
import { AuthorizerHome, checkHome } from './authorizers/authorizer-home';
import { AuthorizerEntry } from './authorizers/authorizer-entry';
import { serviceHttpAuthorizer } from './authorizers/http-authorizer';
import { ServiceRestAuthorizer } from './authorizers/rest-authorizer';
import { AuthFunctionName } from './contract/functions';
import { AuthMetric } from './contract/metrics';
import { AuthFirewall } from './firewall/auth-firewall';
import { AuthFunctions } from './functions/auth-functions';
import { releaseOf } from './functions/release';
import { ServiceNetwork } from './functions/service-network';
import { longestTimeout, sizesOf } from './functions/sizes';
import { serviceMetric } from './monitoring/service-metrics';
import { ServiceMonitoring } from './monitoring/service-monitoring';
import { AuthServiceProps } from './policy/auth-service-props';
import { AuthorizerOptions, checkAuthorizer } from './policy/authorizers';
import { Findings } from './policy/findings';
import { resolveSettings } from './policy/settings';
import { AuthTable } from './policy/storage';
import { checkPattern } from './policy/validation';
import { IAuthService } from './sharing/auth-service-reference';
import { AuthServiceAttributes, ImportedAuthService, checkAttributes } from './sharing/imported-auth-service';
import { publishParameters, readParameters } from './sharing/parameters';
import { KeyRotation } from './signing/key-rotation';
import { KeySecret } from './signing/key-secret';
import { SigningStore } from './signing/signing-store';
import { AuthTables } from './storage/auth-tables';
import { BackupsOfTables } from './storage/backups-of-tables';
import { allowLogs } from './storage/log-encryption';
import { grantReadUsers } from './storage/user-grants';

/**
 * A complete authentication service: API, functions, tables, keys and their rotation.
 *
 * Every prop has a default that is safe to run in production.
 */
export class AuthService extends Construct implements IAuthService {
  /** A service that another app made, by its attributes. */
  public static fromAuthServiceAttributes(scope: Construct, id: string, attributes: AuthServiceAttributes): IAuthService {
    return new ImportedAuthService(scope, id, (service) => checkAttributes(attributes, service));
  }

  /**
   * A service that was published with `publishTo` in the same account and Region, by another app or by another stack of this one, which is then deployed
   * first. What is used of it is read when the stack is deployed.
   */
  public static fromParameters(scope: Construct, id: string, prefix: string): IAuthService {
    return new ImportedAuthService(scope, id, (service) => readParameters(service, prefix));
  }

  /** Name of the service: of the API, and the value of the metrics' dimension `Service`. */
  public readonly serviceName: string;
  /** URL of the API, with the base path `v1` and without a trailing slash. */
  public readonly apiUrl: string;
  /** `iss` of the access tokens. */
  public readonly issuerUrl: string;
  /** `aud` of the access tokens. */
  public readonly audience: string;
  /** Where the public keys are. */
  public readonly jwksUrl: string;
  /** The REST API, with `AuthApi.rest()`. */
  public readonly restApi?: RestApi;
  /** The HTTP API, with `AuthApi.http()`. */
  public readonly httpApi?: HttpApi;
  /** The CloudFront distribution before the HTTP API. */
  public readonly distribution?: Distribution;
  /** Host that a DNS record of the custom domain has to point to. Where a hosted zone was given, its records do already. */
  public readonly customDomainTarget?: string;
  /** The web ACL, if the service brings its own. */
  public readonly webAcl?: CfnWebACL;
  /** The secret with the keys that sign access tokens, absent with `SigningKeys.kms()`. Only functions that sign may read it. */
  public readonly signingSecret?: ISecret;
  /** Log groups of the functions and of the API's access log. */
  public readonly logGroups: ILogGroup[];
  /** Alarms, each by itself; none with `monitoring.alarms` false. */
  public readonly alarms: Alarm[];
  /** The dashboard, unless `monitoring.dashboard` is false. */
  public readonly dashboard?: Dashboard;

  private readonly tables: AuthTables;
  private readonly functions: AuthFunctions;
  private readonly authorizers: AuthorizerEntry;
  private readonly monitoring: ServiceMonitoring;
  private readonly encryptionKey?: IKey;

  constructor(scope: Construct, id: string, props: AuthServiceProps = {}) {
    super(scope, id);
    const settings = resolveSettings(this, props);
    const sizes = sizesOf(settings);
    const { removalPolicy, signingKeys, encryptionKey } = settings;
    if (encryptionKey) {
      allowLogs(encryptionKey);
    }

    const tables = new AuthTables(this, 'Tables', settings);
    new BackupsOfTables(this, 'Backups', { ...settings, tables });
    const signing = new SigningStore(this, 'SigningKeys', settings);
    const refreshSecret = new KeySecret(this, 'RefreshKeys', { description: 'Keys of refresh tokens', removalPolicy, encryptionKey });

    const lookupSecret = new KeySecret(this, 'Lookup', { description: 'Turns names into keys of tables', removalPolicy, encryptionKey, constant: Findings.SECRET_WITHOUT_ROTATION });

    const api = new ServiceFront(this, settings);
    const issuer = settings.tokens.issuer ?? api.url;
    const network = new ServiceNetwork(this, 'Network', { network: settings.network, signsWithKms: signingKeys._kind === 'kms' });
    const functions = new AuthFunctions(this, 'Functions', {
      ...settings,
      sizes,
      releases: (name) => releaseOf(settings, name),
      network,
      source: { settings, tables, signing, refreshSecret, lookupSecret, issuer, longestTimeout: longestTimeout(sizes), front: api.front },
      resources: { tables, signingKeys, signing, refreshSecret, lookupSecret, front: api.front, encryptionKey },
    });
    const rotation = new KeyRotation(this, 'KeyRotation', {
      signingKeys,
      signing,
      refreshSecret,
      lookupSecret,
      originSecret: api.front.originSecret,
      rotator: functions.get(AuthFunctionName.ROTATE_KEYS).lambda,
      timeout: sizes(AuthFunctionName.ROTATE_KEYS).timeout,
      signers: functions.signers().map(({ role }) => role),
      waysOut: network.waysOut,
    });
    functions.all().forEach(({ alias }) => alias.node.addDependency(rotation.firstKeys));
    api.serve(functions, [rotation.firstKeys]);
    const firewall = new AuthFirewall(this, 'Firewall', { ...settings, stage: api.restStage, pages: api.pages });
    const { logGroup: accessLog } = api.accessLog;
    const keyPeriod = signingKeys._details.every;
    const monitoring = new ServiceMonitoring(this, 'Monitoring', {
      ...settings,
      api: api.metrics,
      functionName: (name) => functions.get(name).lambda.functionName,
      functionLogs: functions.all().map(({ logGroup }) => logGroup),
      tables,
      keyPeriod,
      accessLog,
    });

    this.serviceName = settings.serviceName;
    this.apiUrl = api.url;
    this.issuerUrl = issuer;
    this.audience = settings.tokens.audience;
    this.jwksUrl = `${api.url}/.well-known/jwks.json`;
    this.restApi = api.restApi;
    this.httpApi = api.httpApi;
    this.distribution = api.distribution;
    this.customDomainTarget = api.customDomainTarget;
    this.webAcl = firewall.webAcl;
    this.signingSecret = signing.secret;
    this.logGroups = [...functions.all().map((fn) => fn.logGroup), ...[accessLog, firewall.logGroup].filter((group) => group !== undefined)];
    this.alarms = monitoring.all;
    this.dashboard = monitoring.dashboard;
    this.monitoring = monitoring;
    this.tables = tables;
    this.functions = functions;
    this.authorizers = new AuthorizerEntry(this, 'Authorizers', functions.get(AuthFunctionName.AUTHORIZER));
    this.authorizers.node.addDependency(rotation.firstKeys);
    this.encryptionKey = encryptionKey;
  }

  /** One of the functions, for what this construct does not cover. */
  public function(name: AuthFunctionName): Function {
    return this.functions.get(name).lambda;
  }

  /** The alias through which a function is invoked. */
  public alias(name: AuthFunctionName): Alias {
    return this.functions.get(name).alias;
  }

  /** One of the tables. Its format is the service's own: write to none of them. */
  public table(name: AuthTable): ITableV2 {
    return this.tables.table(name);
  }

  public restAuthorizer(scope: Construct, id: string, options: AuthorizerOptions = {}): RequestAuthorizer {
    checkAuthorizer(options);
    checkHome(scope, this.home());
    return new ServiceRestAuthorizer(scope, id, this.authorizers.aliasArn(options.requiredScopes ?? []), this.home(), options);
  }

  public httpAuthorizer(scope: Construct, id: string, options: AuthorizerOptions = {}): HttpLambdaAuthorizer {
    checkAuthorizer(options);
    checkHome(scope, this.home());
    return serviceHttpAuthorizer(scope, id, this.authorizers.aliasArn(options.requiredScopes ?? []), this.home(), options);
  }

  /**
   * Makes a set of required scopes available to apps that import this service. Authorizers made from this object need no declaration.
   */
  public declareRequiredScopes(scopes: string[]): void {
    checkAuthorizer({ requiredScopes: scopes });
    this.authorizers.aliasArn(scopes);
  }

  /** Lets APIs of another account use the authorizer. Their calls count against this account's concurrency. */
  public allowAuthorizersFrom(accountId: string): void {
    checkPattern('accountId', accountId, /^\d{12}$/, 'an account id of 12 digits');
    this.authorizers.allowAccount(accountId);
  }

  /** Writes what identifies this service to Parameter Store below a prefix such as `/auth`, for `fromParameters`. Each prefix once. */
  public publishTo(prefix: string): void {
    publishParameters(this, prefix, {
      serviceName: this.serviceName,
      apiUrl: this.apiUrl,
      issuerUrl: this.issuerUrl,
      audience: this.audience,
      authorizerFunctionArn: this.function(AuthFunctionName.AUTHORIZER).functionArn,
      adminFunctionArn: this.function(AuthFunctionName.ADMIN).functionArn,
    });
  }

  /** Whom each alarm tells, when it goes off and when it is over. */
  public addAlarmAction(action: IAlarmAction): void {
    this.monitoring.addAlarmAction(action);
  }

  /**
   * Whom to wake up: the composite alarm of what cannot wait tells this, once however many alarms it is made of, and again when all is over.
   */
  public addPagingAction(action: IAlarmAction): void {
    this.monitoring.addPagingAction(action);
  }

  /** Allows somebody to administer users and keys: to invoke the admin function. */
  public grantAdminister(grantee: IGrantable): Grant {
    return this.alias(AuthFunctionName.ADMIN).grantInvoke(grantee);
  }

  /** Allows somebody to read users' profiles and to find them by address; not their password hashes. */
  public grantReadUsers(grantee: IGrantable): Grant {
    return grantReadUsers(grantee, this.tables.table(AuthTable.USERS), this.encryptionKey);
  }

  /** A metric of the service over five minutes, counts as their sum and levels as their maximum, unless the options say otherwise. */
  public metric(name: AuthMetric, options?: MetricOptions): Metric {
    return serviceMetric(this.serviceName, name, options);
  }

  /** Accounts created. */
  public metricRegistrations(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.REGISTRATION_SUCCEEDED, options);
  }

  /** Logins that opened a session. */
  public metricLogins(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.LOGIN_SUCCEEDED, options);
  }

  /** Logins with credentials that are not valid. */
  public metricLoginFailures(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.LOGIN_FAILED, options);
  }

  /** Logins that the limiter refused. */
  public metricLimitedLogins(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.LOGIN_LIMITED, options);
  }

  /** Replaced refresh tokens that came back: each is probably a theft. */
  public metricRefreshReuse(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.REFRESH_REUSE, options);
  }

  /** Access tokens that the authorizer refused. */
  public metricRefusedTokens(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.TOKEN_REFUSED, options);
  }

  /** Answers that a dependency failed to allow. */
  public metricUnavailable(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.DEPENDENCY_UNAVAILABLE, options);
  }

  /** Rotations of a key set that failed. */
  public metricFailedKeyRotations(options?: MetricOptions): Metric {
    return this.metric(AuthMetric.KEYS_ROTATION_FAILED, options);
  }

  private home(): AuthorizerHome {
    const { region, account } = Stack.of(this);
    return { region, account, madeHere: true };
  }
}
