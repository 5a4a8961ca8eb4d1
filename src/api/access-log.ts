import { Annotations, Aspects, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, IDependable } from 'constructs';
import { AccessLogs } from '../policy/access-logs';
import { Findings, acknowledge } from '../policy/findings';

/** What the access log is made with. */
export interface AccessLogProps {
  /** Which kind of API writes it. */
  readonly kind: 'rest' | 'http';
  readonly accessLogs?: AccessLogs;
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
}

/**
 * One line a request. No header is in it, so no token, cookie or user agent, and the path only as its template: an id in a path is nobody's
 * business. Errors are named by their type only: their messages quote headers, and they bring quotes that break the line.
 */
const COMMON_FIELDS = {
  requestId: 'requestId',
  extendedRequestId: 'extendedRequestId',
  time: 'requestTimeEpoch',
  sourceIp: 'identity.sourceIp',
  method: 'httpMethod',
};
const ANSWER_FIELDS = {
  protocol: 'protocol',
  status: 'status',
  responseLength: 'responseLength',
  responseLatency: 'responseLatency',
  integrationStatus: 'integration.status',
  integrationLatency: 'integration.latency',
  integrationRequestId: 'integration.requestId',
};
const REST_FIELDS = {
  ...COMMON_FIELDS,
  resourcePath: 'resourcePath',
  ...ANSWER_FIELDS,
  authorizerStatus: 'authorizer.status',
  authorizerLatency: 'authorizer.latency',
  authorizerRequestId: 'authorizer.requestId',
  errorType: 'error.responseType',
  wafStatus: 'waf.status',
  wafResponse: 'wafResponseCode',
  traceId: 'xrayTraceId',
};
/** No authorizer, no firewall and no trace stand in the log of an HTTP API. Its route key is method and template: `POST /login`. */
const HTTP_FIELDS = { ...COMMON_FIELDS, resourcePath: 'routeKey', ...ANSWER_FIELDS, errorType: 'error.responseType' };

function formatOf(fields: Readonly<Record<string, string>>): string {
  return `{${Object.entries(fields).map(([name, variable]) => `"${name}":"$context.${variable}"`).join(',')}}`;
}

/** Where the API writes its access log, with what it needs for that. */
export class AccessLog extends Construct {
  public readonly logGroup?: LogGroup;
  /** Absent if there is no access log. */
  public readonly destinationArn?: string;
  /** One line. */
  public readonly format: string;
  /** Must exist before the stage. */
  public readonly prerequisites: IDependable[] = [];

  constructor(scope: Construct, id: string, props: AccessLogProps) {
    super(scope, id);
    const accessLogs = props.accessLogs ?? AccessLogs.cloudWatch();
    this.format = formatOf(props.kind === 'rest' ? REST_FIELDS : HTTP_FIELDS);
    if (accessLogs._destination === 'none') {
      return;
    }
    if (accessLogs._stream) {
      this.destinationArn = accessLogs._stream.deliveryStreamArn;
      return;
    }
    this.logGroup = new LogGroup(this, 'Logs', { retention: props.retention, removalPolicy: props.removalPolicy, encryptionKey: props.encryptionKey });
    if (!props.encryptionKey) {
      acknowledge(this.logGroup, Findings.LOGS_WITHOUT_OWN_KEY);
    }
    this.destinationArn = this.logGroup.logGroupArn;
    // An HTTP API writes as whoever deploys it allows it to.
    if (accessLogs._createsAccountRole && props.kind === 'rest') {
      this.prerequisites.push(accountIn(this) ?? this.createAccountRole());
      warnOfAnother(this);
    }
  }

  /**
   * API Gateway refuses access logs to CloudWatch until the account has a role for them in this Region. The setting outlives every stack:
   * both are kept, or other APIs of the account would stop logging when this stack goes.
   */
  private createAccountRole(): CfnAccount {
    const role = new Role(this, 'AccountRole', {
      description: 'Lets API Gateway write logs, for all APIs of this account in this Region',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      inlinePolicies: {
        Logs: new PolicyDocument({
          statements: [new PolicyStatement({
            effect: Effect.ALLOW,
            // What API Gateway checks for when the account setting is made, on any log group, since it serves all APIs.
            actions: [
              'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:PutLogEvents', 'logs:GetLogEvents',
              'logs:FilterLogEvents',
            ],
            resources: ['*'],
          })],
        }),
      },
    });
    role.applyRemovalPolicy(RemovalPolicy.RETAIN);
    acknowledge(role, Findings.ACCOUNT_LOG_ROLE, Findings.POLICY_OF_ONE_ROLE);
    const account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn });
    account.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return account;
  }
}

/** The account's setting, where something else in the stack has made it already: another service, or a REST API with a role of its own. */
function accountIn(scope: Construct): CfnAccount | undefined {
  return accountsIn(scope)[0];
}

function accountsIn(scope: Construct): CfnAccount[] {
  return Stack.of(scope).node.findAll().filter((child): child is CfnAccount => child instanceof CfnAccount);
}

/** One that is made later in the same stack sets the account's role once more, and nobody can say which of the two stays. */
function warnOfAnother(accessLog: AccessLog): void {
  Aspects.of(accessLog).add({
    visit: (node) => {
      if (node === accessLog && accountsIn(accessLog).length > 1) {
        Annotations.of(accessLog).addWarningV2('cdk-auth-service:twoAccountLogRoles',
          'two resources of this stack set API Gateway\'s log role of the account: make the other REST API with cloudWatchRole: false, '
          + 'or pass AccessLogs.cloudWatchWithExistingAccountRole()');
      }
    },
  });
}
