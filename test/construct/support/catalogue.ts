import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AppProps, Environment, Stack } from 'aws-cdk-lib';
import { App, Fn } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { transformSync } from 'esbuild';
import { UNKNOWN_REGION } from 'aws-cdk-lib/cx-api';
import type { AuthServiceProps } from '../../../src';
import { AuthApi, AuthPreset, Firewall, SigningKeys } from '../../../src';
import { everything, usual } from './everything';
import type { Resource } from './synth';
import { construct } from './synth';

/** Where and how a subject is built. */
export interface Surroundings {
  readonly context?: Record<string, unknown>;
  readonly env?: Environment;
  readonly outdir?: string;
}

/** What every gate looks at: an app by its name. */
export interface Subject {
  readonly name: string;
  readonly build: (surroundings?: Surroundings) => App;
}

const keyOf = (stack: Stack) => new Key(stack, 'Key', { enableKeyRotation: true });
const webApp = { origins: ['https://app.example.com'] };
const domainOf = (stack: Stack) => ({
  domainName: 'auth.example.com',
  certificate: Certificate.fromCertificateArn(stack, 'Certificate', Fn.importValue('Certificate')),
  hostedZone: HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
});

/** Services that are set differently, each in a stack of its own. */
const KINDS: Readonly<Record<string, (stack: Stack) => AuthServiceProps>> = {
  'production': () => ({ preset: AuthPreset.production() }),
  'production for a web application': () => ({ preset: AuthPreset.production(), webApp }),
  'production with a key': (stack) => ({ preset: AuthPreset.production(), encryptionKey: keyOf(stack) }),
  'development': () => ({ preset: AuthPreset.development() }),
  'high scale': () => ({ preset: AuthPreset.highScale() }),
  'what production usually sets': usual,
  'everything': everything,
  'an HTTP API': () => ({ webApp, api: AuthApi.http(), firewall: Firewall.disabled() }),
  'an HTTP API behind CloudFront': (stack) => ({
    api: AuthApi.http({ customDomain: domainOf(stack) }), firewall: Firewall.cloudFront(Fn.importValue('WebAcl')), encryptionKey: keyOf(stack),
  }),
  'an HTTP API behind CloudFront without a host name': () => ({ api: AuthApi.http(), firewall: Firewall.centrallyManaged() }),
  'keys in KMS': () => ({ signingKeys: SigningKeys.kms({ keyIds: ['2026-10', '2026-11'] }) }),
  'keys in a secret of the team': (stack) => ({ signingKeys: SigningKeys.existingSecret(Secret.fromSecretNameV2(stack, 'TeamKeys', 'team/keys')) }),
  'a custom domain': (stack) => ({ api: AuthApi.rest({ customDomain: domainOf(stack) }) }),
};

const folder = join(__dirname, '..', '..', '..', 'examples');

/** Every folder of examples/ that is an app: one that somebody adds falls under every gate by itself. */
export const EXAMPLES: readonly string[] = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'app.ts'))).sort();

/** Runs an example's app.ts as it is, but with an `App` that knows its surroundings, as the command line would tell it. */
export function exampleApp(name: string, { context = {}, env, outdir }: Surroundings = {}): App {
  const manifest = JSON.parse(readFileSync(join(folder, name, 'cdk.json'), 'utf8')) as { context?: Record<string, unknown> };
  const apps: App[] = [];
  class ExampleApp extends App {
    constructor(props?: AppProps) {
      super({ ...props, outdir, postCliContext: { ...manifest.context, ...context } });
      // Stacks without an environment of their own take it from what they are in.
      Object.assign(this, env);
      apps.push(this);
    }
  }
  const { code } = transformSync(readFileSync(join(folder, name, 'app.ts'), 'utf8'), { loader: 'ts', format: 'cjs' });
  const cdk = Object.create(require('aws-cdk-lib'), { App: { value: ExampleApp } });
  new Function('require', code)((id: string) => id === 'aws-cdk-lib' ? cdk : require(id.startsWith('.') ? join(folder, name, id) : id));
  if (apps.length !== 1) throw new Error(`examples/${name}/app.ts makes ${apps.length} apps, expected 1`);
  return apps[0]!;
}

export const SUBJECTS: readonly Subject[] = [
  ...Object.entries(KINDS).map(([name, props]) => ({
    name,
    build: ({ context, env, outdir }: Surroundings = {}) => construct(props, { app: { outdir, postCliContext: context }, env }).app,
  })),
  ...EXAMPLES.map((name) => ({ name: `examples/${name}`, build: (surroundings?: Surroundings) => exampleApp(name, surroundings) })),
];

/** A template as it is deployed. */
export interface WrittenTemplate {
  readonly stackName: string;
  /** Undefined for a stack that can be deployed anywhere. */
  readonly region?: string;
  readonly file: string;
  readonly template: { readonly Resources: Readonly<Record<string, Resource>> };
}

/** Synthesizes a subject and writes its templates into a folder. What the CDK says of annotations meanwhile is for people. */
export function writeTemplates(folderOfTemplates: string, name: string, build: Subject['build'], surroundings: Surroundings = {}): WrittenTemplate[] {
  const silent = [jest.spyOn(console, 'log'), jest.spyOn(console, 'error')].map((spy) => spy.mockImplementation(() => undefined));
  try {
    return build(surroundings).synth().stacksRecursively.map(({ stackName, environment, template }) => {
      const file = join(folderOfTemplates, `${name.replaceAll(/\W+/g, '-')}.${stackName}.json`);
      writeFileSync(file, JSON.stringify(template));
      return { stackName, region: environment.region === UNKNOWN_REGION ? undefined : environment.region, file, template };
    });
  } finally {
    silent.forEach((spy) => spy.mockRestore());
  }
}
