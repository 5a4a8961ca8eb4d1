import { randomUUID } from 'node:crypto';
import { Account, arnIn } from '../account';
import { AwsError } from '../errors';
import { operationOf } from '../operations';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { LoggedLine, ProvisionedResource, ResolvedResource } from '../types';
import { QueryError, Row, Value } from './expression';
import { filterPattern } from './filter-pattern';
import { ResultRow, runQuery } from './query';

export interface CloudWatchLogsOptions extends Account {
  readonly now: () => number;
  /** What functions and gateways wrote, oldest first. */
  readonly lines: () => readonly LoggedLine[];
}

interface QueryDefinition {
  readonly queryDefinitionId: string;
  readonly name: string;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
}

interface Query {
  readonly results: readonly ResultRow[];
  readonly scanned: number;
}

const MOST_EVENTS = 10_000;

/** CloudWatch Logs over the instance's own log: its groups, saved queries, Insights and filters. Nothing is written through it. */
export class CloudWatchLogs implements AwsService {
  readonly name = 'logs';
  readonly endpointName = 'CLOUDWATCH_LOGS';
  private readonly groups = new Map<string, number>();
  private readonly definitions: QueryDefinition[] = [];
  private readonly queries = new Map<string, Query>();
  private readonly operations: Readonly<Record<string, (input: Input) => unknown>> = {
    DescribeLogGroups: (input) => this.describeGroups(input),
    DescribeQueryDefinitions: ({ queryDefinitionNamePrefix: prefix = '' }) =>
      ({ queryDefinitions: this.definitions.filter(({ name }) => name.startsWith(String(prefix))) }),
    StartQuery: (input) => this.startQuery(input),
    GetQueryResults: (input) => this.resultsOf(input),
    StopQuery: () => ({ success: false }),
    FilterLogEvents: (input) => this.filterEvents(input),
  };

  constructor(private readonly options: CloudWatchLogsOptions) {}

  call(operation: string, input: Input): ServiceAnswer {
    const known = operationOf('CloudWatch Logs', this.operations, operation);
    try {
      return { output: known(input) };
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      throw new AwsError(operation === 'StartQuery' ? 'MalformedQueryException' : 'InvalidParameterException', error.message);
    }
  }

  provisionGroup({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const name = typeof properties.LogGroupName === 'string' ? properties.LogGroupName : generatedName;
    this.groups.set(name, this.options.now());
    return { ref: name, attributes: { Arn: `${this.arnOf(name)}:*` } };
  }

  provisionQuery({ properties }: ResolvedResource): ProvisionedResource {
    const { Name: name, QueryString: queryString, LogGroupNames: names } = properties;
    const queryDefinitionId = randomUUID();
    const logGroupNames = Array.isArray(names) ? names.map(String) : [];
    this.definitions.push({ queryDefinitionId, name: String(name), queryString: String(queryString), logGroupNames });
    return { ref: queryDefinitionId, attributes: { QueryDefinitionId: queryDefinitionId } };
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    return groupsIn(input)[0];
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    const groups = groupsIn(input);
    const action = `logs:${operation}`;
    return groups.length === 0 ? [{ action, resource: '*' }] : groups.map((group) => ({ action, resource: `${this.arnOf(group)}:*` }));
  }

  throttled(): AwsError {
    return new AwsError('ThrottlingException', 'Rate exceeded');
  }

  conflict(): AwsError {
    return new AwsError('OperationAbortedException', 'Multiple concurrent requests to update the same resource were in conflict.');
  }

  private arnOf(group: string): string {
    return arnIn(this.options, 'logs', `log-group:${group}`);
  }

  private describeGroups({ logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern = '' }: Input): object {
    const names = [...this.groups.keys()].filter((name) => name.startsWith(String(prefix)) && name.includes(String(pattern))).sort();
    return { logGroups: names.map((logGroupName) => ({
      logGroupName, arn: `${this.arnOf(logGroupName)}:*`, logGroupArn: this.arnOf(logGroupName), creationTime: this.groups.get(logGroupName), logGroupClass: 'STANDARD',
      storedBytes: this.linesOf([logGroupName]).reduce((total, { text }) => total + Buffer.byteLength(text), 0),
    })) };
  }

  /** Runs at once: a local log is small. */
  private startQuery(input: Input): object {
    const [from, until] = [Number(input.startTime) * 1000, Number(input.endTime) * 1000 + 999];
    const groups = groupsIn(input);
    if (groups.length === 0) throw new AwsError('InvalidParameterException', 'name at least one log group');
    const lines = this.linesOf(groups).filter(({ time }) => time >= from && time <= until);
    const queryId = randomUUID();
    const limit = typeof input.limit === 'number' ? input.limit : Infinity;
    const results = runQuery(String(input.queryString ?? ''), lines.map((line) => this.rowOf(line))).slice(0, limit);
    this.queries.set(queryId, { results, scanned: lines.length });
    return { queryId };
  }

  private resultsOf({ queryId }: Input): object {
    const query = this.queries.get(String(queryId));
    if (!query) throw new AwsError('ResourceNotFoundException', `Query with ID ${String(queryId)} does not exist.`);
    return {
      status: 'Complete',
      statistics: { recordsMatched: query.results.length, recordsScanned: query.scanned, bytesScanned: 0 },
      results: query.results.map((row) =>
        Object.entries(row).filter(([, value]) => value !== undefined).map(([field, value]) => ({ field, value: shown(field, value) }))),
    };
  }

  private filterEvents(input: Input): object {
    const fits = filterPattern(String(input.filterPattern ?? ''));
    const [from, until] = [Number(input.startTime ?? 0), Number(input.endTime ?? Infinity)];
    const events = this.linesOf(groupsIn(input)).filter((line) => line.time >= from && line.time < until && fits(this.rowOf(line)));
    return {
      searchedLogStreams: [],
      events: events.slice(0, Math.min(MOST_EVENTS, Number(input.limit ?? MOST_EVENTS))).map(({ sequence, time, logStream, text }) =>
        ({ eventId: String(sequence).padStart(20, '0'), timestamp: time, ingestionTime: time, logStreamName: logStream, message: text })),
    };
  }

  /** Throws ResourceNotFoundException for a group that nobody made or wrote to. */
  private linesOf(groups: readonly string[]): LoggedLine[] {
    const lines = this.options.lines();
    for (const group of groups) {
      const exists = this.groups.has(group) || lines.some(({ logGroup }) => logGroup === group);
      if (!exists) throw new AwsError('ResourceNotFoundException', `The specified log group does not exist: ${group}`);
    }
    return lines.filter(({ logGroup }) => logGroup !== undefined && groups.includes(logGroup));
  }

  private rowOf({ time, logGroup, logStream, text, document }: LoggedLine): Row {
    const own: Readonly<Record<string, Value>> = {
      '@timestamp': time, '@ingestionTime': time, '@message': text, '@logStream': logStream, '@log': `${this.options.accountId}:${logGroup}`, '@json': document !== undefined,
    };
    return (field) => (Object.hasOwn(own, field) ? own[field] : valueAt(document, field));
  }
}

/** `a.b` is the member b of a, or the member that has the dot in its name. */
function valueAt(document: unknown, field: string): Value {
  if (typeof document !== 'object' || document === null) return undefined;
  const members = document as Record<string, unknown>;
  if (Object.hasOwn(members, field)) return scalar(members[field]);
  const dot = field.indexOf('.');
  return dot < 0 || !Object.hasOwn(members, field.slice(0, dot)) ? undefined : valueAt(members[field.slice(0, dot)], field.slice(dot + 1));
}

function scalar(value: unknown): Value {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : (value as Value);
}

function shown(field: string, value: Value): string {
  if (typeof value !== 'number' || !['@timestamp', '@ingestionTime'].includes(field)) return String(value);
  return new Date(value).toISOString().replace('T', ' ').replace('Z', '');
}

/** By name or by ARN, one or several. */
function groupsIn({ logGroupName, logGroupNames, logGroupIdentifier, logGroupIdentifiers }: Input): string[] {
  const listed = [logGroupNames, logGroupIdentifiers].flatMap((one): unknown[] => (Array.isArray(one) ? one : []));
  const given = [logGroupName, logGroupIdentifier, ...listed];
  return given.filter((one) => typeof one === 'string').map((one) => /:log-group:([^:]+)/.exec(one)?.[1] ?? one);
}
