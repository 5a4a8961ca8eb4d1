import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, Dashboard, IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { Firewall } from '../policy/firewall';
import { ResolvedMonitoring } from '../policy/monitoring';
import { WITHOUT_ALARMS, warnOfNoEffect } from '../policy/no-effect';
import { AuthTables } from '../storage/auth-tables';
import { alarmSpecs } from './alarm-specs';
import { ApiMetrics } from './api-metrics';
import { ServiceMetrics } from './metrics';
import { MutedTimes } from './muted-times';
import { SavedQueries } from './saved-queries';
import { ServiceAlarms } from './service-alarms';
import { ServiceDashboard } from './service-dashboard';
import { ServiceLevels } from './service-levels';

/** What is watched. */
export interface ServiceMonitoringProps {
  readonly monitoring: ResolvedMonitoring;
  readonly serviceName: string;
  readonly functionName: (name: AuthFunctionName) => string;
  readonly functionLogs: ILogGroup[];
  readonly tables: AuthTables;
  /** How CloudWatch knows the API. */
  readonly api: ApiMetrics;
  readonly firewall: Firewall;
  /** How often signing keys rotate; absent where nothing rotates them. */
  readonly keyPeriod?: Duration;
  readonly accessLog?: ILogGroup;
}

/** Alarms, dashboard, objectives and queries of one service. */
export class ServiceMonitoring extends Construct {
  public readonly dashboard?: Dashboard;
  private readonly alarms?: ServiceAlarms;

  constructor(scope: Construct, id: string, props: ServiceMonitoringProps) {
    super(scope, id);
    const { monitoring, serviceName, functionName, functionLogs, tables } = props;
    const ownFirewall = props.firewall._kind === 'managed';
    const metrics = new ServiceMetrics({
      serviceName,
      functionName,
      tableName: (name) => tables.table(name).tableName,
      api: props.api,
      region: Aws.REGION,
    });
    const levels = monitoring.serviceLevels && new ServiceLevels(this, 'ServiceLevels', { ...monitoring.serviceLevels, serviceName, metrics });
    if (monitoring.alarms) {
      this.alarms = new ServiceAlarms(this, 'Alarms', {
        serviceName,
        metrics,
        specs: { ...alarmSpecs({ metrics, loginFailures: monitoring.loginFailures, keyPeriod: props.keyPeriod, ownFirewall }), ...levels?.alarms },
        overrides: monitoring.alarmOverrides,
        perFunctionAlarms: monitoring.perFunctionAlarms,
        runbookUrl: monitoring.runbookUrl,
      });
      new MutedTimes(this, 'MutedTimes', { serviceName, windows: monitoring.muteWindows, alarms: this.alarms });
    }
    if (monitoring.dashboard) {
      const { runbookUrl } = monitoring;
      this.dashboard = new ServiceDashboard(this, 'Overview', { serviceName, metrics, alarms: this.alarms, runbookUrl, ownFirewall }).dashboard;
    }
    if (monitoring.savedQueries) {
      new SavedQueries(this, 'Queries', { serviceName, functionLogs, accessLog: props.accessLog });
    }
  }

  /** Every alarm, the composite one aside. */
  public get all(): Alarm[] {
    return [...this.alarms?.all ?? []];
  }

  public addAlarmAction(action: IAlarmAction): void {
    if (this.alarms) {
      this.alarms.addAction(action);
    } else {
      warnOfNoEffect(this, 'addAlarmAction', WITHOUT_ALARMS);
    }
  }

  public addPagingAction(action: IAlarmAction): void {
    if (this.alarms) {
      this.alarms.addPagingAction(action);
    } else {
      warnOfNoEffect(this, 'addPagingAction', WITHOUT_ALARMS);
    }
  }
}
