import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A value as a construct sees it: a literal, or a reference that its stack resolves. */
export interface Seen {
  readonly by: IConstruct;
  readonly value: string | undefined;
}

/** Whether two values stand for the same thing, whoever wrote them down and wherever in the app. */
export function isSameReference(one: Seen, other: Seen): boolean {
  if (one.value === undefined || other.value === undefined) {
    return false;
  }
  if (one.value === other.value) {
    return true;
  }
  const [first, second] = [one, other].map(({ by, value }) => JSON.stringify(Stack.of(by).resolve(value)));
  // A logical id means something in its own stack only.
  return first === second && (Stack.of(one.by) === Stack.of(other.by) || !/"(?:Ref|Fn::GetAtt)"/.test(first!));
}
