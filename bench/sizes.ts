// Sizes of bundles, package and template.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { App as AppClass, Stack as StackClass } from 'aws-cdk-lib';
import type { Template as TemplateClass } from 'aws-cdk-lib/assertions';
import type * as Library from '../src/index';
import { kilobytes, section } from './support/report.ts';
import type { Row } from './support/report.ts';
import { load, root } from './support/sources.ts';

const KB = 1024;

function atMost(what: string, bytes: number, budget: number): Row {
  return { what, measured: kilobytes(bytes), target: `<= ${budget / KB} KB`, met: bytes <= budget };
}

function bundles(): Row[] {
  const assets = path.join(root, 'assets');
  return readdirSync(assets).sort().filter((name) => name !== 'local').map((name) =>
    atMost(`bundle of ${name}`, statSync(path.join(assets, name, 'index.js')).size, (name === 'authorizer' ? 80 : 300) * KB));
}

function packed(): Row {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * KB * KB });
  const parsed = JSON.parse(output) as { size: number }[] | Record<string, { size: number }>;
  return atMost('package, compressed', (Array.isArray(parsed) ? parsed[0]! : Object.values(parsed)[0]!).size, 3 * KB * KB);
}

function template(): Row[] {
  process.env.CDK_VALIDATION = 'false';
  process.env.JSII_DEPRECATED = 'quiet';
  const { App, Stack } = load<{ App: typeof AppClass; Stack: typeof StackClass }>('aws-cdk-lib');
  const { Template } = load<{ Template: typeof TemplateClass }>('aws-cdk-lib/assertions');
  const { AuthService } = load<typeof Library>('./src/index.ts');
  const synthesize = (auth: boolean): { json: { Resources: object }; seconds: number } => {
    const started = performance.now();
    const stack = new Stack(new App(), 'Bench');
    if (auth) new AuthService(stack, 'Auth');
    const json = Template.fromStack(stack).toJSON() as { Resources: object };
    return { json, seconds: (performance.now() - started) / 1000 };
  };
  const empty = synthesize(false);
  const full = synthesize(true);
  const resources = Object.keys(full.json.Resources).length;
  const extra = full.seconds - empty.seconds;
  return [
    { what: 'resources of the default', measured: String(resources), target: '<= 200', met: resources <= 200 },
    atMost('template of the default', JSON.stringify(full.json, null, 1).length, 500 * KB),
    { what: 'synthesis of the default above an empty app', measured: `${extra.toFixed(1)} s`, target: '<= 1 s', met: extra <= 1 },
  ];
}

section('Sizes', 'sizes', 'What ships and what is deployed. The package is as `npm pack` would make it from what is built now.', [...bundles(), packed(), ...template()]);
