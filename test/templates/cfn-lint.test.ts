import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SUBJECTS, writeTemplates } from '../construct/support/catalogue';
import { recommendedFlags } from '../construct/support/synth';
import { has, run } from '../languages/support/tools';

const VERSION = '1.58.0';

/** Three Regions far apart, and one of each other partition. A type or value that one of them does not have is an error. */
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2', 'cn-north-1', 'us-gov-west-1'];

/** Every finding that stays, with its reason. */
const ACCEPTED: readonly { readonly rule: string; readonly message: RegExp; readonly reason: string }[] = [
  {
    rule: 'W3005',
    message: /^'\w*Role\w{8}' dependency already enforced by a 'GetAtt' at 'Resources\/\w+\/Properties\/[\w/]+'$/,
    reason: 'who waits for a role in the CDK waits for its policy, which it must, and for the role, which it need not; the CDK\'s own validation leaves this rule out too',
  },
  {
    rule: 'E3006',
    message: /^Resource type 'AWS::CloudFront::\w+' does not exist in '(cn-north-1|us-gov-west-1)'$/,
    reason: 'a template for anywhere: in a stack for a Region outside the partition aws the service refuses to be behind CloudFront',
  },
];

interface Match {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: readonly (string | number)[] };
}

const cache = join(__dirname, '..', '..', '.cache', 'templates');
const linted = join(cache, 'linted');
const python = has('python3', '--version');

/** A virtual environment of its own with the pinned release, kept between runs. */
function installed(): string {
  const venv = join(cache, `cfn-lint-${VERSION}`);
  const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');
  const complete = join(venv, 'complete');
  if (!existsSync(complete)) {
    rmSync(venv, { recursive: true, force: true });
    run('python3', ['-m', 'venv', venv]);
    run(join(bin, 'pip'), ['install', '--quiet', '--disable-pip-version-check', `cfn-lint==${VERSION}`]);
    writeFileSync(complete, '');
  }
  return join(bin, 'cfn-lint');
}

/** What cfn-lint says of some templates. */
function lint(tool: string, files: readonly string[]): Promise<Match[]> {
  return new Promise((resolve, reject) => {
    execFile(tool, ['--format', 'json', '--regions', ...REGIONS, '--', ...files], { cwd: linted, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      // Its exit code is a set of bits for what it found; a run that did not come to its end has no JSON.
      try {
        resolve(JSON.parse(stdout) as Match[]);
      } catch {
        reject(error ?? new Error(stderr));
      }
    });
  });
}

const isAccepted = ({ Rule, Message }: Match) => ACCEPTED.some(({ rule, message }) => rule === Rule.Id && message.test(Message));

(python ? describe : describe.skip)(`cfn-lint ${VERSION}`, () => {
  let files: string[];
  let matches: Match[];

  beforeAll(async () => {
    const tool = installed();
    rmSync(linted, { recursive: true, force: true });
    mkdirSync(linted, { recursive: true });
    // As a new app has the flags, and as an old one has them.
    const oldApp = SUBJECTS[0]!;
    files = [
      ...SUBJECTS.flatMap(({ name, build }) => writeTemplates(linted, name, build, { context: recommendedFlags() })),
      ...writeTemplates(linted, `${oldApp.name} without flags`, oldApp.build),
    ].map(({ file }) => basename(file));
    writeFileSync(join(linted, 'control.json'), JSON.stringify({
      Resources: {
        Wrong: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 'soon', Role: { 'Fn::GetAtt': ['None', 'Arn'] }, Code: {} } },
        Nowhere: { Type: 'AWS::GroundStation::Config', Properties: { Name: 'n', ConfigData: {} } },
      },
    }));
    const half = (remainder: number) => files.filter((_file, index) => index % 2 === remainder);
    matches = (await Promise.all([lint(tool, [...half(0), 'control.json']), lint(tool, half(1))])).flat();
  }, 600_000);

  test('finds what is wrong, also what a Region does not have', () => {
    const found = matches.filter(({ Filename }) => Filename === 'control.json').map(({ Rule, Message }) => `${Rule.Id} ${Message}`);
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(/^E3012 /), expect.stringMatching(/^E3006 .*cn-north-1/)]));
  });

  test('IC-01 no error and no warning in any preset and example, but for what is accepted by name', () => {
    const found = matches.filter((match) => match.Filename !== 'control.json' && !isAccepted(match));
    expect(found.map(({ Filename, Rule, Message, Location }) => `${Filename} ${Rule.Id} ${Location.Path.join('/')}: ${Message}`)).toEqual([]);
    expect(files.length).toBeGreaterThan(SUBJECTS.length);
  });

  test('what is accepted is still found', () => {
    const found = ACCEPTED.filter(({ rule, message }) => matches.some(({ Rule, Message }) => rule === Rule.Id && message.test(Message)));
    expect(found).toEqual(ACCEPTED);
  });
});
