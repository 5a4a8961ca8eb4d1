import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IMetric, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnApplication, CfnDeploymentConfig, CfnDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnAlias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { AuthMetric } from '../contract/metrics';
import { restApiMetrics } from '../monitoring/api-metrics';
import { serviceMetric } from '../monitoring/service-metrics';
import { Findings, acknowledge } from '../policy/findings';
import { FunctionDeployment } from '../policy/function-deployment';
import { Front } from './front';

const A_MINUTE = { statistic: Stats.SUM, period: Duration.minutes(1) };

/** An alias that is to move step by step. */
export interface GradualMove {
  readonly name: AuthFunctionName;
  readonly lambda: IFunction;
  readonly aliasName: string;
  readonly deployment: FunctionDeployment;
}

/** What the deployments depend on. */
export interface GradualDeploymentsProps {
  readonly serviceName: string;
  readonly front: Front;
}

/** Moves aliases to new versions step by step, by AWS CodeDeploy, and back when an alarm says so. Makes nothing until it is used. */
export class GradualDeployments extends Construct {
  private application?: CfnApplication;
  private role?: Role;
  private readonly serviceName: string;
  private readonly ownApiAsksAuthorizer: boolean;
  private readonly configurations = new Map<string, CfnDeploymentConfig>();

  constructor(scope: Construct, id: string, props: GradualDeploymentsProps) {
    super(scope, id);
    this.serviceName = props.serviceName;
    this.ownApiAsksAuthorizer = props.front.tokenCheck === 'gateway';
  }

  public guard(alias: Alias, move: GradualMove): void {
    const { lambda, deployment } = move;
    const application = this.application ??= new CfnApplication(this, 'Application', { computePlatform: 'Lambda' });
    const role = this.role ??= this.createRole();
    role.addToPrincipalPolicy(new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['lambda:GetAlias', 'lambda:GetProvisionedConcurrencyConfig', 'lambda:UpdateAlias'],
      // What is asked about provisioned concurrency is asked of the alias, by its own name.
      resources: [lambda.functionArn, `${lambda.functionArn}:${move.aliasName}`],
    }));
    const alarm = new Alarm(alias, 'Errors', {
      alarmDescription: `Takes back a new version of the function ${move.name}`,
      metric: this.failures(move),
      threshold: deployment._rollbackErrors,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    acknowledge(alarm, Findings.ALARM_FOR_CODE_DEPLOY);
    const group = new CfnDeploymentGroup(alias, 'DeploymentGroup', {
      applicationName: application.ref,
      serviceRoleArn: role.roleArn,
      deploymentConfigName: this.configuration(deployment).ref,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      alarmConfiguration: { enabled: true, alarms: [alarm.alarmName, ...deployment._rollbackAlarmNames].map((name) => ({ name })) },
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] },
    });
    group.node.addDependency(role);
    (alias.node.defaultChild as CfnAlias).cfnOptions.updatePolicy = {
      codeDeployLambdaAliasUpdate: { applicationName: application.ref, deploymentGroupName: group.ref },
    };
  }

  /**
   * By names and not by references to alias or stage, which wait for this alarm.
   */
  private failures({ name, lambda, aliasName }: GradualMove): IMetric {
    if (name === AuthFunctionName.AUTHORIZER) {
      return this.failuresOfAuthorizer(lambda);
    }
    return errorsOf({ FunctionName: lambda.functionName, Resource: `${lambda.functionName}:${aliasName}` });
  }

  /**
   * A refused token is an error of the authorizer too. Where the service's own REST API asks it, only what API Gateway makes of a real failure counts:
   * an answer of 5xx. An HTTP API of ours never asks it, and those of other teams are not ours to watch: there it is errors beyond what was
   * refused, and failures that the functions themselves report, since they refuse tokens too and would hide the former.
   */
  private failuresOfAuthorizer(lambda: IFunction): IMetric {
    if (this.ownApiAsksAuthorizer) {
      const { dimensions: { ApiName }, serverErrors } = restApiMetrics(this.serviceName);
      return new Metric({ namespace: 'AWS/ApiGateway', metricName: serverErrors, dimensionsMap: { ApiName: ApiName! }, ...A_MINUTE });
    }
    const own = (metric: AuthMetric) => serviceMetric(this.serviceName, metric, { period: A_MINUTE.period });
    return new MathExpression({
      label: 'failures of the authorizer',
      period: A_MINUTE.period,
      expression: 'MAX([FILL(errors, 0) - FILL(refused, 0), FILL(unavailable, 0) + FILL(unexpected, 0)])',
      usingMetrics: {
        errors: errorsOf({ FunctionName: lambda.functionName }),
        refused: own(AuthMetric.TOKEN_REFUSED),
        unavailable: own(AuthMetric.DEPENDENCY_UNAVAILABLE),
        unexpected: own(AuthMetric.UNEXPECTED_ERROR),
      },
    });
  }

  private createRole(): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
      description: 'Moves the functions of an authentication service to new versions',
    });
    role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }));
    acknowledge(role, Findings.ALARMS_BY_NAME, Findings.POLICY_OF_ONE_ROLE);
    return role;
  }

  /** One for each kind of step, shared by the functions that move alike. */
  private configuration(deployment: FunctionDeployment): CfnDeploymentConfig {
    const minutes = deployment._interval.toMinutes();
    const percentage = deployment._percentage;
    const id = `${deployment._kind === 'canary' ? 'Canary' : 'Linear'}${percentage}Every${minutes}`;
    const existing = this.configurations.get(id);
    if (existing) {
      return existing;
    }
    const configuration = new CfnDeploymentConfig(this, id, {
      computePlatform: 'Lambda',
      trafficRoutingConfig: deployment._kind === 'canary'
        ? { type: 'TimeBasedCanary', timeBasedCanary: { canaryInterval: minutes, canaryPercentage: percentage } }
        : { type: 'TimeBasedLinear', timeBasedLinear: { linearInterval: minutes, linearPercentage: percentage } },
    });
    this.configurations.set(id, configuration);
    return configuration;
  }
}

function errorsOf(dimensionsMap: Record<string, string>): Metric {
  return new Metric({ namespace: 'AWS/Lambda', metricName: 'Errors', dimensionsMap, ...A_MINUTE });
}
