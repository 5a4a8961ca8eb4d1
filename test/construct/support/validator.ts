import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationValidatePlugin } from 'aws-cdk-lib-newest';

const rules = join(__dirname, '..', '..', '..', 'docs', 'rules');
export const GUARD_FILES = ['service', 'production'] as const;

/** The text of a file of Guard rules. */
export const guardRules = (name: (typeof GUARD_FILES)[number]): string => readFileSync(join(rules, `${name}.guard`), 'utf8');

/** A template on disk, and where it is to be deployed. */
export interface Template {
  readonly file: string;
  readonly region?: string;
}

/** A violation of a rule: one of Guard, by its file, or one of those that are built into aws-cdk-lib. */
export interface Violation {
  readonly rule: string;
  readonly source: (typeof GUARD_FILES)[number] | 'built in';
  readonly logicalId?: string;
  readonly description: string;
}

/**
 * What the validation that is built into the newest aws-cdk-lib, and our own rules besides, say of templates, by file. The oldest release that
 * this library supports has no such validation; which of them wrote a template makes no difference to it.
 */
export function validate(templates: readonly Template[]): ReadonlyMap<string, readonly Violation[]> {
  const plugin = new CloudFormationValidatePlugin({ guardRules: GUARD_FILES.map((name) => ({ name, content: guardRules(name) })) });
  const found = new Map<string, Violation[]>(templates.map(({ file }) => [file, []]));
  const stackTemplates = templates.map(({ file, region }) => ({ stackConstructPath: file, templatePath: file, accountId: undefined, region }));
  // In one call: the engine is made anew for each call with other types of resources.
  const { violations } = plugin.validate({ stackTemplates } as unknown as Parameters<CloudFormationValidatePlugin['validate']>[0]);
  for (const { ruleName, description, ruleMetadata, violatingResources } of violations) {
    for (const { resourceLogicalId, templatePath } of violatingResources) {
      found.get(templatePath!)!.push({
        rule: ruleName,
        source: GUARD_FILES.find((name) => ruleMetadata?.category === `guard:${name}`) ?? 'built in',
        logicalId: resourceLogicalId,
        description,
      });
    }
  }
  return found;
}
