import { ApiSummary } from '../gateway/apis';
import { LocalInstance } from '../instance';
import { isRecord } from '../template/types';
import { JournalListener, LogEntry, RequestEntry } from './journal';
import { Palette } from './palette';

const TIME_WIDTH = 8;
const METHOD_WIDTH = 7;
const MAX_LINE = 2000;
/** Fields of an audit event that every event has or that only machines read. */
const HIDDEN = new Set(['type', 'time', 'timestamp', 'level', 'service', 'event', 'outcome', '_aws', 'request_id', 'requestId', 'user_agent', 'Service', 'ua']);

/** Prints for the person who watches: what runs where, then one line for each thing that happens. */
export class Reporter implements JournalListener {
  /** Lines from before everything is created: they follow the overview. */
  private early: string[] | undefined = [];

  constructor(private readonly write: (text: string) => void, private readonly palette: Palette) {}

  started(instance: LocalInstance, title: string, seconds: number): void {
    const { bold, dim, cyan, yellow } = this.palette;
    const early = this.early ?? [];
    this.early = undefined;
    this.line(bold(`cdk-auth-service local`) + dim(`  ${title}`));
    this.line('');
    const rows = instance.apis.filter(({ closed }) => !closed).flatMap((api) => {
      const urls = api.urls.length === 0 ? ['no stage'] : api.urls;
      return urls.map((url) => [KINDS[api.kind], api.name, url, detailOf(api, instance.apis)]);
    });
    rows.push(['AWS', 'services', instance.servicesUrl, 'functions, clock, faults, logs at /_local/']);
    for (const [kind = '', name = '', url = '', detail = ''] of aligned(rows)) this.line(`  ${dim(kind)}  ${name}  ${cyan(url)}  ${dim(detail)}`);
    this.line('');
    const missing = groupNotEvaluated(instance.notEvaluated);
    if (missing.length > 0) {
      this.line(`  ${yellow('Not evaluated here:')}`);
      for (const text of missing) this.line(`    ${dim(text)}`);
      this.line('');
    }
    for (const warning of instance.warnings) this.line(`  ${yellow('Warning:')} ${warning}`);
    if (instance.warnings.length > 0) this.line('');
    this.line(`  Ready in ${seconds.toFixed(1)} s. Ctrl-C ends it.`);
    this.line('');
    early.forEach((text) => this.line(text));
  }

  /** The start failed: what functions told until then may say why. */
  failed(): void {
    const early = this.early ?? [];
    this.early = undefined;
    early.forEach((text) => this.line(text));
  }

  request(entry: RequestEntry): void {
    // The distribution's own line tells the same, and from whom the request came.
    if (entry.via !== undefined) return;
    const { dim, red } = this.palette;
    const notes = [
      entry.refusedBy === undefined ? '' : `refused by ${entry.refusedBy}`,
      entry.authorizer === undefined ? '' : `authorizer ${entry.authorizer}`,
      entry.sourceIp === '127.0.0.1' ? '' : `from ${entry.sourceIp}`,
    ].filter((note) => note !== '');
    const head = `${dim(clockTime(entry.time))}  ${entry.method.padEnd(METHOD_WIDTH)}${printable(entry.path)}`;
    this.line(`${head}  ${this.status(entry.status)}  ${dim([`${Math.round(entry.durationMs)} ms`, ...notes].join(' · '))}`);
    if (entry.note !== undefined) this.detail('note', this.palette.yellow(printable(entry.note)));
    if (entry.integrationError !== undefined) this.detail('error', red(printable(entry.integrationError.split('\n')[0]!)));
  }

  log(entry: LogEntry): void {
    const { green, yellow, red, dim } = this.palette;
    if (entry.stream === 'access') return;
    if (entry.audit) {
      const colour = entry.audit.outcome === 'success' ? green : yellow;
      const { event, outcome } = entry.audit;
      const metricNames = new Set((entry.metrics ?? []).map(({ name }) => name));
      const fields = Object.entries(entry.audit).filter(([name]) => !HIDDEN.has(name) && !metricNames.has(name));
      this.detail('audit', `${colour(`${printable(String(event))} ${printable(String(outcome))}`)}  ${dim(fields.map(fieldText).join(' '))}`);
    }
    for (const { name, value, unit } of entry.metrics ?? []) this.detail('metric', `${name} ${value}${unit === undefined || unit === 'Count' ? '' : ` ${unit}`}`);
    if (entry.audit || entry.metrics) return;
    // An authorizer can say 401 only by throwing this; the request's line tells it.
    if (entry.document?.errorMessage === 'Unauthorized') return;
    const { level, text } = readable(entry);
    const colour = entry.stream !== 'stdout' || level === 'ERROR' || level === 'FATAL' ? red : level === 'WARN' ? yellow : (plain: string) => plain;
    if (text !== '') this.detail('log', `${dim(shortName(entry.source))}  ${colour(printable(text).slice(0, MAX_LINE))}`);
  }

  private status(status: number): string {
    const { green, yellow, red } = this.palette;
    if (status >= 500) return red(String(status));
    return status >= 400 ? yellow(String(status)) : green(String(status));
  }

  private detail(label: string, text: string): void {
    this.line(`${' '.repeat(TIME_WIDTH)}  ${this.palette.dim(label.padEnd(METHOD_WIDTH))}${text}`);
  }

  private line(text: string): void {
    if (this.early) this.early.push(text);
    else this.write(`${text.trimEnd()}\n`);
  }
}

/** A line of the JSON log format as a person reads it: level, message, then the other fields. */
function readable({ document, text }: LogEntry): { level?: string; text: string } {
  if (!document || typeof document.level !== 'string') return { text };
  const { level, message, errorType, errorMessage, ...rest } = document;
  const told = typeof message === 'string' ? message.split('\n')[0]! : message === undefined ? '' : JSON.stringify(message);
  const error = errorMessage === undefined || told.includes(String(errorMessage)) ? '' : `${String(errorType)}: ${String(errorMessage)}`;
  const fields = Object.entries(rest).filter(([name]) => !HIDDEN.has(name) && name !== 'stackTrace').map(fieldText);
  return { level, text: [level, told, error, ...fields].filter((part) => part !== '').join(' ') };
}

/** One JSON document a line, for a program that watches. */
export class JsonReporter implements JournalListener {
  constructor(private readonly write: (text: string) => void) {}

  failed(): void {
    // Every line is out already.
  }

  started(instance: LocalInstance): void {
    const { apis, servicesUrl, notEvaluated, warnings } = instance;
    this.write(`${JSON.stringify({ kind: 'started', apis, services: servicesUrl, notEvaluated, warnings })}\n`);
  }

  request(entry: RequestEntry): void {
    this.write(`${JSON.stringify({ kind: 'request', ...entry })}\n`);
  }

  log(entry: LogEntry): void {
    this.write(`${JSON.stringify({ kind: 'log', ...entry })}\n`);
  }
}

const KINDS: Readonly<Record<ApiSummary['kind'], string>> = { REST: 'REST API', HTTP: 'HTTP API', CloudFront: 'CloudFront', domain: 'Domain' };

function detailOf({ name, routes, before }: ApiSummary, all: readonly ApiSummary[]): string {
  const count = `${routes} ${routes === 1 ? 'route' : 'routes'}`;
  if (before) return before.length === 0 ? 'before nothing of the app' : `${count} of ${before.join(', ')}`;
  return all.some((front) => front.kind === 'CloudFront' && front.before?.includes(name)) ? `${count}, called by CloudFront` : count;
}

/** `AWS::CloudWatch::Alarm x 3`, and for parts of resources what of them. */
function groupNotEvaluated(list: LocalInstance['notEvaluated']): string[] {
  const groups = new Map<string, number>();
  for (const { type, part, logicalId } of list) {
    const text = part === undefined ? (type === 'Transform' ? `Transform ${logicalId}` : type) : `${type}: ${part}`;
    groups.set(text, (groups.get(text) ?? 0) + 1);
  }
  return [...groups].sort(([left], [right]) => left.localeCompare(right)).map(([text, count]) => (count === 1 ? text : `${text} x ${count}`));
}

function aligned(rows: readonly string[][]): string[][] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]!.length))) ?? [];
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)));
}

function clockTime(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

function fieldText([name, value]: [string, unknown]): string {
  return `${name}=${printable(isRecord(value) || Array.isArray(value) ? JSON.stringify(value) : String(value))}`;
}

/** What a request carries must not steer the terminal (ASVS 16.4.1): control characters are shown, not sent. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`);
}

/** `AuthLoginFunction1234ABCD` without the hash that CDK appends. */
function shortName(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
