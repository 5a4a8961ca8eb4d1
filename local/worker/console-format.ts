import { format, inspect } from 'node:util';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

/**
 * Gives console.* the form that Lambda's Node.js runtime gives it: with the JSON log format each call becomes one document
 * (so that an embedded metric written with console.log is nested and no metric, as on AWS), with the text format a line
 * that starts with time, request id and level.
 */
export function formatConsole(settings: { json: boolean; level: string | undefined; requestId: () => string | undefined }): void {
  const least = Math.max(0, LEVELS.indexOf((settings.level ?? 'TRACE').toUpperCase() as Level));
  const write = (level: Level, parts: unknown[]) => {
    if (settings.json && LEVELS.indexOf(level) < least) return;
    const line = settings.json ? jsonLine(level, parts, settings.requestId()) : textLine(level, parts, settings.requestId());
    process.stdout.write(`${line}\n`);
  };
  console.trace = (...parts: unknown[]) => write('TRACE', parts);
  console.debug = (...parts: unknown[]) => write('DEBUG', parts);
  console.log = (...parts: unknown[]) => write('INFO', parts);
  console.info = (...parts: unknown[]) => write('INFO', parts);
  console.warn = (...parts: unknown[]) => write('WARN', parts);
  console.error = (...parts: unknown[]) => write('ERROR', parts);
}

function textLine(level: Level, parts: unknown[], requestId: string | undefined): string {
  return `${new Date().toISOString()}\t${requestId ?? 'undefined'}\t${level}\t${format(...parts)}`.replaceAll('\n', '\r');
}

function jsonLine(level: Level, parts: unknown[], requestId: string | undefined): string {
  const error = parts.find((part) => part instanceof Error) as Error | undefined;
  const document: Record<string, unknown> = { timestamp: new Date().toISOString(), level, requestId };
  if (parts.length === 1 && !error) document.message = parts[0];
  else document.message = format(...parts);
  if (error) {
    document.errorType = error.name;
    document.errorMessage = error.message;
    document.stackTrace = (error.stack ?? '').split('\n');
  }
  try {
    return JSON.stringify(document);
  } catch {
    return JSON.stringify({ ...document, message: inspect(document.message) });
  }
}
