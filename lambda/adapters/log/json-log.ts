import { Clock } from '../../ports/clock';
import { Log, LogFields } from '../../ports/log';
import { describeError } from './describe-error';
import { encodeLine, Sink } from './line';
import { AsyncRequestScope } from './request-scope';

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof LEVELS)[number];

export function isLogLevel(text: string): text is LogLevel {
  return (LEVELS as readonly string[]).includes(text);
}

/** Operational log, one JSON object a line. */
export class JsonLog implements Log {
  constructor(
    private readonly service: string,
    private readonly least: LogLevel,
    private readonly clock: Clock,
    private readonly scope: AsyncRequestScope,
    private readonly sink: Sink,
  ) {}

  error(message: string, error?: unknown, fields?: LogFields): void {
    this.write('error', message, fields, error);
  }

  warn(message: string, error?: unknown, fields?: LogFields): void {
    this.write('warn', message, fields, error);
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  private write(level: LogLevel, message: string, fields?: LogFields, error?: unknown): void {
    if (LEVELS.indexOf(level) > LEVELS.indexOf(this.least)) return;
    try {
      this.sink(encodeLine({
        type: 'log',
        time: new Date(this.clock.now()).toISOString(),
        level: level.toUpperCase(),
        service: this.service,
        message,
        ...this.scope.fields(),
        ...fields,
        ...(error === undefined ? {} : { error: describeError(error) }),
      }));
    } catch {
      // As in the audit log: no line is worth an answer.
    }
  }
}
