import type { Template } from 'aws-cdk-lib/assertions';
import { everything, usual } from './support/everything';
import { behindCloudFront, domainIn } from './support/fronts';
import { defaults, resources, synthesize } from './support/synth';

const KINDS: [string, Template, number][] = [
  ['default', defaults().template, 200],
  ['production with everything usual', synthesize(usual).template, 260],
  ['an HTTP API behind CloudFront', synthesize((stack) => behindCloudFront({ customDomain: domainIn(stack, 'us-east-1') })).template, 200],
  ['everything behind CloudFront', synthesize((stack) => ({ ...everything(stack), ...behindCloudFront({ customDomain: domainIn(stack, 'us-east-1') }) })).template, 420],
  ['everything', synthesize(everything).template, 420],
];

const count = (template: Template) => Object.keys(template.toJSON().Resources).length;
const bytes = (value: unknown) => JSON.stringify(value, null, 1).length;

describe('what a template may cost', () => {
  test.each(KINDS)('%s: the number of resources', (_name, template, most) => {
    expect(count(template)).toBeLessThanOrEqual(most);
  });

  test.each(KINDS)('%s: the template is at most 500 KB', (_name, template) => {
    expect(bytes(template.toJSON())).toBeLessThanOrEqual(500 * 1024);
  });

  test.each(KINDS)('%s: the policy of a role is at most 8 KB', (_name, template) => {
    const sizes = Object.values(resources(template, 'AWS::IAM::Policy')).map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * 1024);
  });

  test.each(KINDS)('%s: the resource policy of a function is at most 4 KB', (_name, template) => {
    const sizes = new Map<string, number>();
    for (const { Properties } of Object.values(resources(template, 'AWS::Lambda::Permission'))) {
      const fn = JSON.stringify(Properties.FunctionName);
      // What Lambda makes of a permission: one statement of about this length.
      sizes.set(fn, (sizes.get(fn) ?? 0) + JSON.stringify(Properties).length + 150);
    }
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(4 * 1024);
  });

  test.each(KINDS)('%s: the environment of a function is at most 3 KB', (_name, template) => {
    const sizes = Object.values(resources(template, 'AWS::Lambda::Function')).map(({ Properties }) => JSON.stringify(Properties.Environment.Variables).length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3 * 1024);
  });
});
