import { FunctionLogEntry } from '../lambda/functions';
import { isRecord } from '../template/types';
import { ServedRequest } from '../gateway/listener';
import { DroppedCookies } from './dropped-cookies';

export interface MetricValue {
  readonly namespace: string;
  readonly name: string;
  readonly value: number;
  readonly unit?: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One line that a function or a gateway wrote, with what CloudWatch would read out of it. */
export interface LogEntry {
  /** Counts from 1. */
  readonly sequence: number;
  /** Virtual epoch milliseconds. */
  readonly time: number;
  /** Logical id of the function or API. */
  readonly source: string;
  readonly logGroup?: string;
  readonly logStream?: string;
  readonly stream: 'stdout' | 'stderr' | 'platform' | 'access';
  readonly requestId?: string;
  readonly text: string;
  /** The line as JSON, when it is an object. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Metrics of an embedded metric document at the top level of the line; nested ones are lost, as on AWS. */
  readonly metrics?: readonly MetricValue[];
  /** A security event: an object with `event` and `outcome`. */
  readonly audit?: Readonly<Record<string, unknown>>;
}

export interface RequestEntry {
  readonly sequence: number;
  readonly time: number;
  readonly api: string;
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly sourceIp: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string;
  readonly route?: string;
  readonly refusedBy?: string;
  readonly authorizer?: string;
  readonly integrationError?: string;
  /** Logical id of the distribution that brought it; the request is in the list a second time, as the distribution saw it. */
  readonly via?: string;
  /** What the developer should know about the answer. */
  readonly note?: string;
}

export interface JournalListener {
  log?(entry: LogEntry): void;
  request?(entry: RequestEntry): void;
}

const KEPT = 20_000;

/** Everything that happened, bounded; tests and the control endpoint read it, the reporter prints it. */
export class Journal {
  private logs: LogEntry[] = [];
  private requests: RequestEntry[] = [];
  private sequence = 0;
  private readonly listeners: JournalListener[] = [];
  private readonly droppedCookies = new DroppedCookies();

  constructor(private readonly now: () => number) {}

  listen(listener: JournalListener): void {
    this.listeners.push(listener);
  }

  functionLine({ logicalId, stream, line, requestId, logGroup, logStream }: FunctionLogEntry): void {
    this.add(logicalId, stream, line, { requestId, logGroup, logStream });
  }

  served(api: string, { request, answer, notes, durationMs, via }: ServedRequest): void {
    const { accessLog, accessLogGroup, ...rest } = notes;
    // What a distribution relays, the distribution itself answers the page.
    const note = via === undefined ? this.droppedCookies.noteOn(request, answer) : undefined;
    const entry: RequestEntry = {
      sequence: this.next(), time: request.time, api,
      method: request.method,
      path: request.queryString === '' ? request.path : `${request.path}?${request.queryString}`,
      sourceIp: request.sourceIp, status: answer.status, durationMs, requestId: request.requestId, ...rest,
      ...(via === undefined ? {} : { via }),
      ...(note === undefined ? {} : { note }),
    };
    this.requests = bounded(this.requests, entry);
    for (const listener of this.listeners) listener.request?.(entry);
    if (accessLog !== undefined) this.add(api, 'access', accessLog, { requestId: request.requestId, logGroup: accessLogGroup, logStream: accessLogGroup && 'local' });
  }

  logEntries(filter: { after?: number; source?: string; requestId?: string; stream?: string; kind?: string } = {}): LogEntry[] {
    return this.logs.filter((entry) =>
      entry.sequence > (filter.after ?? 0) &&
      (filter.source === undefined || entry.source.startsWith(filter.source)) &&
      (filter.requestId === undefined || entry.requestId === filter.requestId) &&
      (filter.stream === undefined || entry.stream === filter.stream) &&
      (filter.kind === undefined || (filter.kind === 'audit' ? entry.audit : entry.metrics) !== undefined));
  }

  requestEntries(after = 0): RequestEntry[] {
    return this.requests.filter((entry) => entry.sequence > after);
  }

  clear(): void {
    this.logs = [];
    this.requests = [];
  }

  private add(source: string, stream: LogEntry['stream'], text: string, place: Place): void {
    const document = parseObject(text);
    const metrics = document && stream === 'stdout' ? embeddedMetrics(document) : [];
    const entry: LogEntry = {
      sequence: this.next(), time: this.now(), source, stream, text,
      ...known(place),
      ...(document === undefined ? {} : { document }),
      ...(metrics.length === 0 ? {} : { metrics }),
      ...(document && stream === 'stdout' && isAudit(document) ? { audit: document } : {}),
    };
    this.logs = bounded(this.logs, entry);
    for (const listener of this.listeners) listener.log?.(entry);
  }

  private next(): number {
    this.sequence += 1;
    return this.sequence;
  }
}

interface Place {
  readonly requestId: string | undefined;
  readonly logGroup: string | undefined;
  readonly logStream: string | undefined;
}

function known({ requestId, logGroup, logStream }: Place): Pick<LogEntry, 'requestId' | 'logGroup' | 'logStream'> {
  return {
    ...(requestId === undefined ? {} : { requestId }),
    ...(logGroup === undefined ? {} : { logGroup }),
    ...(logStream === undefined ? {} : { logStream }),
  };
}

function bounded<T>(list: T[], entry: T): T[] {
  list.push(entry);
  return list.length > KEPT * 1.1 ? list.slice(-KEPT) : list;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAudit(document: Record<string, unknown>): boolean {
  return typeof document.event === 'string' && (document.outcome === 'success' || document.outcome === 'failure');
}

function embeddedMetrics(document: Record<string, unknown>): MetricValue[] {
  const aws = document._aws;
  const directives = isRecord(aws) && Array.isArray(aws.CloudWatchMetrics) ? aws.CloudWatchMetrics.filter(isRecord) : [];
  return directives.flatMap((directive) => {
    const dimensionNames = (Array.isArray(directive.Dimensions) ? directive.Dimensions : [[]])[0] as string[] | undefined;
    const dimensions = Object.fromEntries((dimensionNames ?? []).map((name) => [name, String(document[name])]));
    const metrics = Array.isArray(directive.Metrics) ? directive.Metrics.filter(isRecord) : [];
    return metrics.flatMap((metric) => {
      const value = document[String(metric.Name)];
      const total = Array.isArray(value) ? value.reduce((sum: number, one) => sum + Number(one), 0) : Number(value);
      if (Number.isNaN(total)) return [];
      return [{
        namespace: String(directive.Namespace), name: String(metric.Name), value: total, dimensions,
        ...(typeof metric.Unit === 'string' ? { unit: metric.Unit } : {}),
      }];
    });
  });
}
