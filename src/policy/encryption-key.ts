import { Stack } from 'aws-cdk-lib';
import { IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { checkPlace } from './places';
import { refuse } from './validation';

/**
 * The key itself, where a key or an alias of one is given. IAM matches a key by its own ARN only: a policy that names an alias allows nothing, and a log group
 * takes none.
 */
export function keyBehind(property: string, given: IKey): IKey {
  const key = targetOf(given) ?? given;
  const { stack } = key;
  if (JSON.stringify(stack.resolve(key.keyArn)).includes('alias/')) {
    refuse(property, `the alias ${aliasNameOf(given, stack)}`, 'a key by its own ARN',
      'IAM matches no key by its alias, so that every function would be refused: use Key.fromKeyArn(), Key.fromLookup({ aliasName }) or an alias that knows its key');
  }
  return key;
}

/** Whether the service can use the key where it is. */
export function checkKeyPlace(property: string, key: IKey, stack: Stack): void {
  checkPlace({ property, what: 'a key', resource: key, arn: key.keyArn, byAnotherAccount: 'use Key.fromKeyArn() and allow this account in the key\'s own policy' }, stack);
}

/** An alias that this app makes, or that was imported together with its key, knows it. One imported by its name does not, and throws. */
function targetOf(given: IKey): IKey | undefined {
  try {
    return (given as Partial<IAlias>).aliasTargetKey;
  } catch {
    return undefined;
  }
}

function aliasNameOf(given: IKey, stack: Stack): string {
  const name = stack.resolve((given as Partial<IAlias>).aliasName ?? given.keyArn);
  return typeof name === 'string' ? JSON.stringify(name.replace(/^.*:(?=alias\/)/, '')) : 'of a key';
}
