import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { AccessLog } from './api/access-log';
import { AuthRestApi } from './api/auth-rest-api';
import { AuthFunctionName } from './contract/functions';
import { AuthMetric } from './contract/metrics';
import { AuthFirewall } from './firewall/auth-firewall';
import { AuthFunctions } from './functions/auth-functions';
import { ServiceNetwork } from './functions/service-network';
import { longestTimeout, sizesOf } from './functions/sizes';
import { serviceMetric } from './monitoring/service-metrics';
import { AuthServiceProps } from './policy/auth-service-props';
import { resolveSettings } from './policy/settings';
import { AuthTable } from './policy/storage';
import { KeyRotation } from './signing/key-rotation';
import { KeySecret } from './signing/key-secret';
import { AuthTables } from './storage/auth-tables';
import { allowLogs } from './storage/log-encryption';
import { grantReadUsers } from './storage/user-grants';

/**
 * A complete authentication service: API, functions, tables, keys and their rotation.
 *
 * Every prop has a default that is safe to run in production.
 */
export class AuthService extends Construct {
  /** Name of the service: of the API, and the value of the metrics' dimension `Service`. */
  public readonly serviceName: string;
  /** URL of the API, with the base path `v1` and without a trailing slash. */
  public readonly apiUrl: string;
  /** `iss` of the access tokens. */
  public readonly issuerUrl: string;
  /** Where the public keys are. */
  public readonly jwksUrl: string;
  /** The REST API. */
  public readonly restApi?: RestApi;
  /** The web ACL, if the service brings its own. */
  public readonly webAcl?: CfnWebACL;
  /** The secret with the keys that sign access tokens. Only functions that sign may read it. */
  public readonly signingSecret?: ISecret;
  /** Log groups of the functions and of the API's access log. */
  public readonly logGroups: ILogGroup[];

  private readonly tables: AuthTables;
  private readonly functions: AuthFunctions;
  private readonly encryptionKey?: IKey;

  constructor(scope: Construct, id: string, props: AuthServiceProps = {}) {
    super(scope, id);
    const settings = resolveSettings(this, props);
    const sizes = sizesOf(settings);
    const { removalPolicy, signingKeys, tracing } = settings;
    const encryptionKey = props.encryptionKey;
    if (encryptionKey) {
      allowLogs(encryptionKey);
    }

    const tables = new AuthTables(this, 'Tables', { ...settings, encryptionKey });
    const signingSecret = new KeySecret(this, 'SigningKeys', { keyset: 'signing', description: 'Keys that sign access tokens', removalPolicy, encryptionKey });
    const refreshSecret = new KeySecret(this, 'RefreshKeys', { keyset: 'refresh', description: 'Keys of refresh tokens', removalPolicy, encryptionKey });

    const rest = settings.api._rest;
    const accessLog = new AccessLog(this, 'AccessLog', { accessLogs: rest.accessLogs, retention: settings.logRetention, removalPolicy, encryptionKey });
    const cors = settings.origins.length === 0 ? undefined : { origins: settings.origins, credentials: settings.tokens.transport._usesCookies };
    const api = new AuthRestApi(this, 'Api', { ...rest, serviceName: settings.serviceName, tracing, accessLog, cors });

    const issuer = settings.tokens.issuer ?? api.url;
    const functions = new AuthFunctions(this, 'Functions', {
      ...settings,
      sizes,
      encryptionKey,
      network: new ServiceNetwork(this, 'Network', settings.network),
      source: { settings, tables, signingSecret, refreshSecret, issuer, longestTimeout: longestTimeout(sizes) },
      resources: { tables, signingSecret, refreshSecret, encryptionKey },
    });
    const rotation = new KeyRotation(this, 'KeyRotation', {
      signingKeys,
      signingSecret,
      refreshSecret,
      rotator: functions.get(AuthFunctionName.ROTATE_KEYS).lambda,
      timeout: sizes(AuthFunctionName.ROTATE_KEYS).timeout,
    });
    api.serve(functions, rotation.firstKeys);
    const firewall = new AuthFirewall(this, 'Firewall', { ...settings, stage: api.stage, encryptionKey });

    this.serviceName = settings.serviceName;
    this.apiUrl = api.url;
    this.issuerUrl = issuer;
    this.jwksUrl = `${api.url}/.well-known/jwks.json`;
    this.restApi = api.api;
    this.webAcl = firewall.webAcl;
    this.signingSecret = signingSecret.secret;
    this.logGroups = [...functions.all().map((fn) => fn.logGroup), ...[accessLog.logGroup, firewall.logGroup].filter((group) => group !== undefined)];
    this.tables = tables;
    this.functions = functions;
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

  /** Allows somebody to administer users and keys: to invoke the admin function. */
  public grantAdminister(grantee: IGrantable): Grant {
    return this.alias(AuthFunctionName.ADMIN).grantInvoke(grantee);
  }

  /** Allows somebody to read users' profiles and to find them by address; not their password hashes. */
  public grantReadUsers(grantee: IGrantable): Grant {
    return grantReadUsers(grantee, this.tables.table(AuthTable.USERS), this.encryptionKey);
  }

  /** A metric of the service: the sum over five minutes unless the options say otherwise. */
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
}
