import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { AuthPreset, AuthService } from '../../../src';
import type { Subject, Surroundings, WrittenTemplate } from '../support/catalogue';
import { SUBJECTS, writeTemplates } from '../support/catalogue';
import { misplaced } from '../support/partitions';
import { recommendedFlags } from '../support/synth';
import type { Violation } from '../support/validator';
import { validate } from '../support/validator';

/** Anywhere, and a Region of each partition. */
const REGIONS: readonly (string | undefined)[] = [undefined, 'eu-central-1', 'cn-north-1', 'us-gov-west-1'];
const FLAGS: readonly [string, Record<string, unknown>][] = [['without feature flags', {}], ['with the recommended ones', recommendedFlags()]];

/** What is looked at here besides: two services in a stack, one of them published. */
const TWO_SERVICES: Subject = {
  name: 'two services in a stack',
  build: ({ context, env, outdir }: Surroundings = {}) => {
    const app = new App({ outdir, postCliContext: context });
    const stack = new Stack(app, 'TwoServices', { env });
    new AuthService(stack, 'Customers').publishTo('/customers');
    new AuthService(stack, 'Staff', { preset: AuthPreset.production() });
    return app;
  },
};

interface Cell {
  readonly subject: Subject;
  readonly region?: string;
  readonly flags: string;
  readonly context: Record<string, unknown>;
}

type Version = 'floor' | 'newest';

/**
 * Half of all cells with one release of the CDK and half with the other, chosen so that each two of subject, Region, flags and release meet:
 * together they would take minutes, and find no more.
 */
function cellsOf(version: Version): readonly (readonly [string, Cell])[] {
  return [...SUBJECTS, TWO_SERVICES].flatMap((subject, row) => REGIONS.flatMap((region, column) => {
    const [flags, context] = FLAGS[((row >> 1) + (column >> 1)) % 2]!;
    const isHere = (row + column) % 2 === (version === 'floor' ? 0 : 1);
    return isHere ? [[`${subject.name} in ${region ?? 'any Region'} ${flags}`, { subject, region, flags, context }] as const] : [];
  }));
}

const CELLS = cellsOf(process.env.AWS_CDK_LIB === 'newest' ? 'newest' : 'floor');

let folder: string;
const written = new Map<string, readonly WrittenTemplate[]>();
/** What a cell was refused with. */
const refused = new Map<string, string>();
let violations: ReadonlyMap<string, readonly Violation[]>;

/** What the CDK itself adds to hand a value from one Region to another: no role of the service. */
const OF_THE_CDK = /^CustomCrossRegionExport/;

/** Of the templates of a cell, as `rule logicalId: description`. */
const found = (name: string, source: Violation['source']): string[] => written.get(name)!.flatMap(({ file }) => violations.get(file)!)
  .filter((violation) => violation.source === source && !OF_THE_CDK.test(violation.logicalId ?? ''))
  .map(({ rule, logicalId, description }) => `${rule} ${logicalId}: ${description}`);

const isOutsideAws = (region?: string): boolean => region?.startsWith('cn-') === true || region?.startsWith('us-gov-') === true;

/** The one thing that is not everywhere: a distribution with a web ACL. */
const needsCloudFront = (subject: Subject): boolean => CELLS.some(([name, cell]) => cell.subject === subject
  && written.get(name)?.some(({ template }) => Object.values(template.Resources).some(({ Type }) => Type === 'AWS::CloudFront::Distribution')));

/** An app that names the Regions of its stacks itself. */
const isPinned = (subject: Subject): boolean => CELLS.some(([name, cell]) => cell.subject === subject
  && written.get(name)?.some((template) => template.region !== cell.region));

beforeAll(() => {
  const cache = join(__dirname, '..', '..', '..', '.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'matrix-'));
  for (const [name, { subject, region, context }] of CELLS) {
    const env = region === undefined ? undefined : { account: '111111111111', region };
    try {
      written.set(name, writeTemplates(folder, name, subject.build, { env, context }));
    } catch (error) {
      refused.set(name, (error as Error).message);
    }
  }
  const control = join(folder, 'control.json');
  writeFileSync(control, JSON.stringify({ Resources: { Function: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 'soon', Cod: {} } } } }));
  written.set('control', [{ stackName: 'control', file: control, template: { Resources: {} } }]);
  violations = validate([...written.values()].flat());
}, 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('in every partition, with and without feature flags', () => {
  test.each(CELLS)('%s: valid, and nothing names another partition', (name, { subject, region }) => {
    if (needsCloudFront(subject) && isOutsideAws(region) && !isPinned(subject)) {
      expect(refused.get(name)).toMatch(/ exists only in the partition aws$/);
      return;
    }
    expect(refused.get(name)).toBeUndefined();
    const templates = written.get(name)!;
    expect(templates.length).toBeGreaterThan(0);
    for (const { template, region: place } of templates) expect(misplaced(template, place)).toEqual([]);
    expect(found(name, 'built in')).toEqual([]);
    expect(found(name, 'service')).toEqual([]);
    // The development preset is weaker on purpose, and the rules see it.
    const weak = [...new Set(found(name, 'production').map((violation) => violation.split(' ')[0]))].sort();
    const ofDevelopment = ['KEYS_ARE_KEPT', 'LOGS_ARE_KEPT', 'REQUESTS_ARE_LOGGED_AND_TRACED', 'SOMEBODY_IS_TOLD', 'TABLES_ARE_PROTECTED'];
    expect(weak).toEqual(subject.name === 'development' ? ofDevelopment : []);
  });

  test('each two of subject, Region, flags and release of the CDK meet', () => {
    const versions: Version[] = ['floor', 'newest'];
    const cells = versions.flatMap((version) => cellsOf(version).map(([, { subject, region, flags }]) => [subject.name, region ?? 'any', flags, version]));
    const pairs = (left: number, right: number) => new Set(cells.map((cell) => `${cell[left]} ${cell[right]}`)).size;
    const [subjects, regions] = [SUBJECTS.length + 1, REGIONS.length];
    expect([pairs(0, 1), pairs(0, 2), pairs(0, 3)]).toEqual([subjects * regions, subjects * 2, subjects * 2]);
    expect([pairs(1, 2), pairs(1, 3), pairs(2, 3)]).toEqual([regions * 2, regions * 2, 4]);
  });

  test('the validation does look: it finds what is wrong', () => {
    expect(found('control', 'built in').join('\n')).toMatch(/Timeout/);
  });
});

describe('what names another partition is found', () => {
  const resource = (value: unknown) => ({ Resources: { A: { Type: 'X', Properties: { Value: value } } } });
  test.each<[string, unknown, string | undefined, boolean]>([
    ['a literal ARN in a stack for anywhere', 'arn:aws:iam::aws:policy/Some', undefined, true],
    ['an ARN of aws in China', { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'B' }]] }, 'cn-north-1', true],
    ['an ARN of its own partition', 'arn:aws-us-gov:s3:::b', 'us-gov-west-1', false],
    ['an ARN by reference', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::b']] }, undefined, false],
    ['an ARN by reference in a text', { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::b' }, 'cn-north-1', false],
    ['a literal host in a stack for anywhere', { 'Fn::Join': ['', ['https://', { Ref: 'B' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/v1']] }, undefined, true],
    ['a host of aws in China', 'https://b.execute-api.cn-north-1.amazonaws.com/v1', 'cn-north-1', true],
    ['a host of China in China', 'https://b.execute-api.cn-north-1.amazonaws.com.cn/v1', 'cn-north-1', false],
    ['a link to the console', 'https://console.aws.amazon.com/lambda', 'eu-central-1', true],
  ])('%s', (_name, value, region, isFound) => {
    expect(misplaced(resource(value), region)).toHaveLength(isFound ? 1 : 0);
  });

  test.each<[string, unknown, boolean]>([
    ['a service principal', 'lambda.amazonaws.com', false],
    ['a service principal with its Region', { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] }, false],
    ['a service principal with its Region and one partition\'s suffix', { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] }, true],
    ['a service principal with the suffix of URLs in China, which IAM does not know', 'lambda.amazonaws.com.cn', true],
    ['a host where a service principal stands', 'https://lambda.amazonaws.com/', true],
  ])('%s', (_name, principal, isFound) => {
    const role = { Resources: { A: { Type: 'AWS::IAM::Role', Properties: { Statement: [{ Principal: { Service: principal } }] } } } };
    for (const region of [undefined, 'cn-north-1']) expect([region, misplaced(role, region).length]).toEqual([region, isFound ? 1 : 0]);
  });
});
