import { parseArgs } from 'node:util';
import { UserError } from './template/types';

export interface CliOptions {
  readonly assembly: string;
  readonly stacks: readonly string[];
  readonly port: number;
  readonly dataDir?: string;
  readonly concurrency: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at?: number;
  /** Paths of Node.js by major version. */
  readonly nodeBinaries: Readonly<Record<string, string>>;
  readonly json: boolean;
}

/** Another thing than to run an app. */
export type Information = 'help' | 'version';

export const USAGE = `Usage: cdk-auth-service local [cdk.out] [options]

Runs a synthesized CDK app on this machine: its functions, APIs with their domains and\nCloudFront distributions, tables, secrets and queues.

  cdk.out               directory that "cdk synth" wrote (default: cdk.out)
  --stack NAME          run only this stack and what it depends on; may be repeated
  --port N              port of the first URL, the others and the service endpoints follow (default: 3000, 0: any free)
  --data DIR            keep tables, secrets, parameters and queues in DIR, for one instance at a time (default: in memory)
  --parameter NAME=VAL  value of a template parameter; may be repeated
  --concurrency N       processes of one function at most (default: 4)
  --at INSTANT          start the clock at this instant, such as 2027-02-28T23:50:00Z (default: now). Of a run on the
                        same --data the clock has to go on: what it wrote would lie in the future
  --node MAJOR=PATH     Node.js of this major version, binary or folder, such as 22=/opt/node22; may be repeated
  --json                print one JSON document a line
  --version             print the version of the package
  --help                this text
`;

/** Throws a `UserError` for what it does not know. */
export function parseCommandLine(args: readonly string[]): CliOptions | Information {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [command, assembly = 'cdk.out', ...more] = positionals;
  if (command === undefined) return 'help';
  if (command !== 'local') throw new UserError(`there is no command "${command}"; did you mean "cdk-auth-service local"?`);
  if (more.length > 0) throw new UserError(`one directory is enough, got also ${more.join(' ')}`);
  return {
    assembly,
    stacks: values.stack ?? [],
    port: wholeNumber('--port', values.port ?? '3000', 0, 65_000),
    ...(values.data === undefined ? {} : { dataDir: values.data }),
    concurrency: wholeNumber('--concurrency', values.concurrency ?? '4', 1, 100),
    ...(values.at === undefined ? {} : { at: instant('--at', values.at) }),
    parameters: Object.fromEntries((values.parameter ?? []).map(pair)),
    nodeBinaries: Object.fromEntries((values.node ?? []).map(nodeBinary)),
    json: values.json ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        stack: { type: 'string', multiple: true },
        port: { type: 'string' },
        data: { type: 'string' },
        parameter: { type: 'string', multiple: true },
        concurrency: { type: 'string' },
        at: { type: 'string' },
        node: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    const options = [...USAGE.matchAll(/^ {2}(--\w+)/gm)].map(([, name]) => name).join(', ');
    throw new UserError(`${(error as Error).message.split('. ')[0]!}; there are: ${options}`);
  }
}

function nodeBinary(text: string): [string, string] {
  const [, major, place] = /^(\d{1,3})=(.+)$/.exec(text) ?? [];
  if (major === undefined || place === undefined) throw new UserError(`--node must be MAJOR=PATH, such as 22=/opt/node22, got ${text}`);
  return [major, place];
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most) throw new UserError(`${name} must be a whole number from ${least} to ${most}, got ${text}`);
  return number;
}

/** An RFC 3339 instant as epoch milliseconds. Without an offset from UTC it would mean another instant on each machine. */
function instant(name: string, text: string): number {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const milliseconds = Date.parse(text);
  // Date.parse takes 30 February for 2 March.
  const exists = day !== undefined && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  if (Number.isNaN(milliseconds) || !exists || milliseconds < 0) throw new UserError(`${name} must be an instant such as 2027-02-28T23:50:00Z, got ${text}`);
  return milliseconds;
}

function pair(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UserError(`--parameter must be NAME=VALUE, got ${text}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}
