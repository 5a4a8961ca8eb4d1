import { Duration } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { AuthFunctionName } from '../contract/functions';
import { AuthMetric } from '../contract/metrics';
import { SessionsTable, UsersTable } from '../contract/tables';
import { AuthRoute } from '../policy/routes';
import { AuthTable } from '../policy/storage';
import { ApiMetrics, routeDimensions } from './api-metrics';
import { serviceMetric } from './service-metrics';

/** Names that metrics are found by. */
export interface MetricSource {
  readonly serviceName: string;
  readonly functionName: (name: AuthFunctionName) => string;
  readonly tableName: (name: AuthTable) => string;
  readonly api: ApiMetrics;
  readonly region: string;
}

/** A table, or an index of it. */
export interface ThrottledResource {
  readonly table: AuthTable;
  readonly index?: string;
}

export const MINUTE = Duration.minutes(1);
export const FIVE_MINUTES = Duration.minutes(5);

/** What DynamoDB counts throttles of: an index has throttles that its table does not show. */
export const THROTTLED: readonly ThrottledResource[] = [
  ...Object.values(AuthTable).map((table) => ({ table })),
  { table: AuthTable.USERS, index: UsersTable.EMAIL_INDEX },
  { table: AuthTable.SESSIONS, index: SessionsTable.USER_INDEX },
];

/**
 * Metrics of AWS about the resources of the service. By names and never by references to the API's stage or the functions' aliases: an alarm
 * may guard a deployment, and the stage depends on what is deployed.
 */
export class ServiceMetrics {
  constructor(private readonly source: MetricSource) {}

  /** A metric of the functions' own. */
  public own(name: AuthMetric, options: MetricOptions = {}): Metric {
    return serviceMetric(this.source.serviceName, name, { label: name, ...options });
  }

  /** A metric of the API, or of one route: of those that REST and HTTP APIs name alike. */
  public api(metricName: 'Count' | 'Latency' | 'IntegrationLatency', options: MetricOptions, route?: AuthRoute): Metric {
    return this.apiMetric(metricName, options, route);
  }

  /** Answers of the API with 4xx. */
  public clientErrors(options: MetricOptions): Metric {
    return this.apiMetric(this.source.api.clientErrors, options);
  }

  /** Answers of the API with 5xx. */
  public serverErrors(options: MetricOptions): Metric {
    return this.apiMetric(this.source.api.serverErrors, options);
  }

  private apiMetric(metricName: string, options: MetricOptions, route?: AuthRoute): Metric {
    return new Metric({ namespace: 'AWS/ApiGateway', metricName, dimensionsMap: { ...this.source.api.dimensions, ...routeDimensions(route) }, ...options });
  }

  /** A metric of one function, all its versions and aliases together. */
  public lambda(name: AuthFunctionName, metricName: string, options: MetricOptions): Metric {
    return new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap: { FunctionName: this.source.functionName(name) }, label: name, ...options });
  }

  /** A metric of all functions of the account and Region, also of those that are not ours. */
  public account(metricName: string, options: MetricOptions): Metric {
    return new Metric({ namespace: 'AWS/Lambda', metricName, label: metricName, ...options });
  }

  /** A metric of a table or of an index, of one operation if that is what DynamoDB counts by. */
  public table({ table, index }: ThrottledResource, metricName: string, options: MetricOptions, operation?: string): Metric {
    return new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: {
        TableName: this.source.tableName(table),
        ...index === undefined ? {} : { GlobalSecondaryIndexName: index },
        ...operation === undefined ? {} : { Operation: operation },
      },
      label: index === undefined ? table : `${table} ${index}`,
      ...options,
    });
  }

  /** A metric of the service's own firewall, of all its rules or of one. */
  public firewall(metricName: string, options: MetricOptions, rule: string = 'ALL'): Metric {
    return new Metric({
      namespace: 'AWS/WAFV2',
      metricName,
      dimensionsMap: { WebACL: `${this.source.serviceName}-firewall`, Region: this.source.region, Rule: rule },
      statistic: Stats.SUM,
      label: rule === 'ALL' ? metricName : rule,
      ...options,
    });
  }
}
