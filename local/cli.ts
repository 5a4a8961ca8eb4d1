import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCommandLine, USAGE } from './cli-options';
import { startInstance } from './instance';
import { paletteFor } from './report/palette';
import { JsonReporter, Reporter } from './report/reporter';
import { UserError } from './template/types';

const EXIT_USER_ERROR = 2;

async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (typeof options === 'string') {
    process.stdout.write(options === 'help' ? USAGE : `${packageVersion()}\n`);
    return;
  }
  const write = (text: string) => void process.stdout.write(text);
  const reporter = options.json ? new JsonReporter(write) : new Reporter(write, paletteFor(process.stdout, process.env));
  const stopped = stopSignal();
  const began = performance.now();
  const starting = startInstance({ ...options, listener: reporter });
  starting.catch(() => reporter.failed());
  const first = await Promise.race([starting, stopped]);
  if (first === 'stop') {
    await starting.then((instance) => instance.stop(), () => undefined);
    return;
  }
  reporter.started(first, options.assembly, (performance.now() - began) / 1000);
  await stopped;
  await first.stop();
}

/** Of the package that this bundle lies in. */
function packageVersion(): string {
  const [found] = [1, 2, 3].map((levels) => path.join(__dirname, ...Array<string>(levels).fill('..'), 'package.json')).filter((file) => existsSync(file));
  return found === undefined ? 'unknown' : String((JSON.parse(readFileSync(found, 'utf8')) as { version?: string }).version);
}

/** Resolves at Ctrl-C, at SIGTERM, and when the terminal goes away. A second signal does not wait for a clean end. */
function stopSignal(): Promise<'stop'> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve('stop');
      });
    }
    // A reader that closed the pipe (`| head`) wants no more lines.
    process.stdout.on('error', () => resolve('stop'));
  });
}

main().then(
  () => process.exit(process.exitCode ?? 0),
  (error: unknown) => {
    const text = error instanceof UserError ? error.message : `unexpected error: ${(error as Error).stack ?? String(error)}`;
    process.stderr.write(`cdk-auth-service: ${text}\n`);
    process.exit(error instanceof UserError ? EXIT_USER_ERROR : 1);
  },
);
