import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUBJECTS } from './support/catalogue';

const { version } = require('aws-cdk-lib/package.json') as { readonly version: string };
const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** What aws-cdk-lib's own table calls although aws-cdk-lib has deprecated it, in each release before `UNTIL`. No caller can avoid it. */
const OF_THE_CDK_ITSELF = ['aws_dynamodb.TableGrantsProps#encryptedResource', 'aws_dynamodb.TableGrantsProps#policyResource'];
const UNTIL = '2.269.0';
const expected = version.localeCompare(UNTIL, 'en', { numeric: true }) < 0 ? OF_THE_CDK_ITSELF : [];

/** What the CDK says at a synthesis of something that it will remove. */
function deprecations(synthesize: () => unknown): string[] {
  const { JSII_DEPRECATED } = process.env;
  const said: string[] = [];
  const spies = (['log', 'error', 'warn'] as const).map((level) => jest.spyOn(console, level).mockImplementation((...texts) => void said.push(texts.join(' '))));
  process.env.JSII_DEPRECATED = 'warn';
  try {
    synthesize();
  } finally {
    process.env.JSII_DEPRECATED = JSII_DEPRECATED;
    spies.forEach((spy) => spy.mockRestore());
  }
  return [...new Set(said.flatMap((text) => /aws-cdk-lib\.(\S+) is deprecated/.exec(text)?.[1] ?? []))].sort();
}

describe(`synthesis with aws-cdk-lib ${version} says nothing of deprecated calls that README does not explain`, () => {
  test.each(SUBJECTS.map(({ name, build }) => [name, build] as const))('%s', (_name, build) => {
    expect(deprecations(() => build().synth())).toEqual(expected);
  });

  test('README explains those that remain', () => {
    const explained = readme.split('\n\n').find((paragraph) => paragraph.includes('deprecat')) ?? '';
    for (const word of ['JSII_DEPRECATED', UNTIL, ...OF_THE_CDK_ITSELF.flatMap((name) => name.split('.')[1]!.split('#'))]) expect(explained).toContain(word);
  });
});
