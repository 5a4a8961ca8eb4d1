import { CfnElement, Stack, Token } from 'aws-cdk-lib';
import { CfnAlias, CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { checkPattern, refuse } from '../policy/validation';

/** Parts of the ARN of a function; a version or an alias would be one more. */
const PARTS = 7;

/** Whether it is a function that is named, and not one version of it: which alias is asked follows from what is asked of it. */
export function checkFunctionArn(property: string, arn: string, scope: IConstruct): void {
  const parts = arn.replace(/\$\{Token\[[^\]]*\]\}/g, 'token').split(':');
  if (parts.length > PARTS || isVersionOrAlias(arn, scope)) {
    refuse(property, `the ARN of a version or alias${parts.length > PARTS ? `, ${JSON.stringify(parts.slice(PARTS).join(':'))}` : ''}`,
      'the ARN of the function itself', 'the alias follows from the scopes that an authorizer asks for: leave it out');
  }
  checkPattern(property, arn, /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]{1,64}$/, 'the ARN of a Lambda function');
}

/** A reference to one that this app makes: its own name tells nothing. */
function isVersionOrAlias(arn: string, scope: IConstruct): boolean {
  if (!Token.isUnresolved(arn)) {
    return false;
  }
  const { Ref: id } = Stack.of(scope).resolve(arn) as { Ref?: string };
  return id !== undefined && scope.node.root.node.findAll().some((child) => (child instanceof CfnAlias || child instanceof CfnVersion) && isNamed(child, id));
}

function isNamed(element: CfnElement, id: string): boolean {
  return element.stack.resolve(element.logicalId) === id;
}
