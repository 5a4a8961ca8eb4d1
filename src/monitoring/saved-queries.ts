import { ILogGroup, CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Where the queries look. */
export interface SavedQueriesProps {
  readonly serviceName: string;
  readonly functionLogs: ILogGroup[];
  /** The API's access log, if it goes to CloudWatch. */
  readonly accessLog?: ILogGroup;
}

interface SavedQuery {
  readonly id: string;
  readonly name: string;
  readonly lines: string[];
}

/** Over the audit events of all functions. A query begins with what to change in it. */
const FUNCTION_QUERIES: readonly SavedQuery[] = [
  {
    id: 'FailedLogins',
    name: 'failed logins by source',
    lines: [
      'filter type = "audit" and event in ["login_failed", "login_limited"]',
      'stats count(*) as attempts, sum(event = "login_limited") as limited, count_distinct(user_agent) as agents by source_ip',
      'sort attempts desc',
      'limit 100',
    ],
  },
  {
    id: 'RefreshReuse',
    name: 'refresh reuse',
    lines: [
      'filter type = "audit" and event = "refresh_reuse"',
      'fields @timestamp, uid, session, source_ip, user_agent, request_id, correlation_id',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    id: 'Errors',
    name: 'errors by code',
    lines: [
      'filter type = "log" and level = "ERROR"',
      'stats count(*) as errors, latest(@timestamp) as last, latest(request_id) as request by message, error.name, error.code, dependency, operation',
      'sort errors desc',
      'limit 100',
    ],
  },
  {
    id: 'UserTrail',
    name: 'one user by uid',
    lines: [
      'filter type = "audit" and uid = "PUT THE UID HERE"',
      'fields @timestamp, event, outcome, reason, operation, session, source_ip, user_agent, request_id',
      'sort @timestamp desc',
      'limit 1000',
    ],
  },
  {
    id: 'Memory',
    name: 'memory by function',
    lines: [
      'filter type = "gauge" and ispresent(MemoryUsed)',
      'stats max(MemoryUsed) as percent, count_distinct(@logStream) as containers by function',
      'sort percent desc',
    ],
  },
];

const ACCESS_QUERIES: readonly SavedQuery[] = [
  {
    id: 'SlowestRequests',
    name: 'slowest requests',
    lines: [
      'fields @timestamp, method, resourcePath, status, responseLatency, integrationLatency, authorizerLatency, requestId, traceId',
      'sort responseLatency desc',
      'limit 100',
    ],
  },
];

/** What one asks first when something is wrong, under the service's name in Logs Insights. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, props: SavedQueriesProps) {
    super(scope, id);
    const save = ({ id: queryId, name, lines }: SavedQuery, logs: ILogGroup[]) => new CfnQueryDefinition(this, queryId, {
      name: `${props.serviceName}/${name}`,
      logGroupNames: logs.map(({ logGroupName }) => logGroupName),
      queryString: lines.join('\n| '),
    });
    FUNCTION_QUERIES.forEach((query) => save(query, props.functionLogs));
    const { accessLog } = props;
    if (accessLog) {
      ACCESS_QUERIES.forEach((query) => save(query, [accessLog]));
    }
  }
}
