import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { EXAMPLES, exampleApp } from '../construct/support/catalogue';
import type { TemplateJson } from '../construct/support/cycles';
import { cycleOf, referencesOf, stackReferencesOf } from '../construct/support/cycles';
import type { Resource } from '../construct/support/synth';
import { call, startApp, stopApps } from '../local/support/app';

const folder = join(__dirname, '..', '..', 'examples');

interface Synthesized {
  readonly outdir: string;
  readonly templates: Readonly<Record<string, { readonly Resources: Readonly<Record<string, Resource>> }>>;
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

const synthesized = new Map<string, Synthesized>();

/** Synthesized once for all tests of an example. */
function example(name: string): Synthesized {
  const existing = synthesized.get(name);
  if (existing) return existing;
  const outdir = mkdtempSync(join(os.tmpdir(), `example-${name}-`));
  const { stacks } = exampleApp(name, { outdir }).synth();
  const made: Synthesized = {
    outdir,
    templates: Object.fromEntries(stacks.map((stack) => [stack.stackName, stack.template])),
    dependencies: Object.fromEntries(stacks.map(({ stackName, dependencies }) => [
      stackName, dependencies.map(({ id }) => id).filter((id) => stacks.some((other) => other.id === id)),
    ])),
  };
  synthesized.set(name, made);
  return made;
}

/** All resources of an example, by logical id. */
const resourcesOf = (name: string): [string, Resource][] => Object.values(example(name).templates).flatMap(({ Resources }) => Object.entries(Resources));

/** What clients meet: a distribution where there is one, else the API. */
const frontOf = (name: string): string => resourcesOf(name).find(([id]) => id.startsWith('AuthDistribution')) ? 'AuthDistribution' : 'AuthApi';

afterAll(async () => {
  await stopApps();
  for (const { outdir } of synthesized.values()) rmSync(outdir, { recursive: true, force: true });
});

describe.each(EXAMPLES)('%s', (name) => {
  test('is an app that the CDK starts as it is', () => {
    expect(JSON.parse(readFileSync(join(folder, name, 'cdk.json'), 'utf8'))).toMatchObject({ app: expect.stringMatching(/^node .*app\.ts$/) });
  });

  test('neither resources nor stacks wait for each other', () => {
    const { templates, dependencies } = example(name);
    const graph = referencesOf(templates as Record<string, TemplateJson>);
    expect(graph.size).toBeGreaterThan(100);
    expect(cycleOf(graph)).toBeUndefined();
    expect(cycleOf(stackReferencesOf(graph, dependencies))).toBeUndefined();
  });

  test('runs on this machine', async () => {
    const instance = await startApp(example(name).outdir);
    const url = instance.url(frontOf(name)).replace(/\/$/, '');
    expect((await call(`${url}/health`)).status).toBe(200);
    const jwks = await call(`${url}/.well-known/jwks.json`);
    expect(jwks.json.keys.length).toBeGreaterThanOrEqual(1);
    expect((await call(`${url}/me`, { headers: { authorization: 'Bearer none' } })).status).toBe(401);
  });
});

describe('company-policies', () => {
  const all = resourcesOf('company-policies');

  test('every role has the boundary, every function is in the inventory, whatever can be tagged is', () => {
    const roles = all.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles.filter(([, { Properties }]) => !JSON.stringify(Properties.PermissionsBoundary ?? '').includes('company-boundary')).map(([id]) => id)).toEqual([]);
    const functions = all.filter(([, { Type }]) => Type === 'AWS::Lambda::Function') as [string, Resource & { Metadata?: { inventory?: string } }][];
    expect(functions.every(([, { Metadata }]) => Metadata?.inventory?.startsWith('identity/'))).toBe(true);
    for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret', 'AWS::Lambda::Function', 'AWS::Logs::LogGroup']) {
      const tagged = all.filter(([, resource]) => resource.Type === type).map(([, { Properties }]) => JSON.stringify(Properties));
      expect(tagged.length).toBeGreaterThan(0);
      for (const properties of tagged) expect(properties).toContain('"Key":"cost-center","Value":"identity"');
    }
  });
});

describe('two-stacks', () => {
  test('the team of the service does not depend on the team of the API', () => {
    expect(example('two-stacks').dependencies).toEqual({ Identity: [], Orders: ['Identity'] });
  });

  test('readers read, only administrators delete', async () => {
    const instance = await startApp(example('two-stacks').outdir);
    const auth = instance.url('AuthApi').replace(/\/$/, '');
    const orders = `${instance.url('Api').replace(/\/$/, '')}/orders`;
    const post = (path: string, body: object) => call(`${auth}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    const credentials = { email: 'ada@example.com', password: 'glacier tulip marmot sonata 42' };
    const registered = await post('/register', credentials);
    const { json: tokens } = await post('/login', credentials);
    const headers = { authorization: `Bearer ${tokens.access_token}` };

    const read = await call(orders, { headers });
    expect([read.status, read.json]).toEqual([200, { orders: [], owner: registered.json.sub }]);
    expect((await call(orders, { method: 'DELETE', headers })).status).toBe(403);
    expect((await call(orders)).status).toBe(401);
  });
});

describe('http-api', () => {
  test('the web ACL lies in us-east-1, and its stack does not depend on the service', () => {
    expect(Object.values(example('http-api').templates.Firewall!.Resources).map(({ Type }) => Type)).toContain('AWS::WAFv2::WebACL');
    expect(example('http-api').dependencies).toEqual({ Firewall: [], HttpApi: ['Firewall'] });
  });

  test('a request that did not come through CloudFront is refused before anything else', async () => {
    const instance = await startApp(example('http-api').outdir);
    const [edge, origin] = ['AuthDistribution', 'AuthHttpApi'].map((front) => instance.url(front).replace(/\/$/, ''));
    const page = { 'origin': 'https://shop.example.com', 'x-csrf-protection': '1', 'content-type': 'application/json' };
    const body = JSON.stringify({ email: 'ada@example.com', password: 'glacier tulip marmot sonata 42' });
    const post = (url: string, headers: object = {}) => call(`${url}/login`, { method: 'POST', headers: { ...page, ...headers }, body });
    const atTheEdge = await post(edge!);
    expect([atTheEdge.status, atTheEdge.json.code]).toEqual([401, 'invalid_credentials']);
    for (const headers of [{}, { 'x-auth-origin-secret': 'guessed', 'x-auth-viewer-address': '192.0.2.1' }]) {
      const refused = await post(origin!, headers);
      expect([refused.status, refused.json.code]).toEqual([403, 'origin_required']);
    }
  });
});

describe('custom-domain', () => {
  test('tokens and metadata bear the host name, whatever the API is called', async () => {
    const instance = await startApp(example('custom-domain').outdir);
    const { json } = await call(`${instance.url('AuthApi').replace(/\/$/, '')}/.well-known/openid-configuration`);
    expect(json.issuer).toMatch(/^http/);
    expect(Object.values(example('custom-domain').templates.CustomDomain!.Resources).map(({ Type }) => Type)).toEqual(expect.arrayContaining([
      'AWS::ApiGateway::DomainName', 'AWS::ApiGateway::BasePathMapping', 'AWS::Route53::RecordSet',
    ]));
  });
});
