import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { refuse } from '../policy/validation';

/** Where the authorizer function is, as far as it is known. */
export interface AuthorizerHome {
  readonly region?: string;
  readonly account?: string;
  /** Whether this app makes it: then another account cannot refer to it. */
  readonly madeHere: boolean;
}

/** API Gateway invokes an authorizer of its own Region only, and CloudFormation hands no reference from one account to another. */
export function checkHome(user: IConstruct, { region, account, madeHere }: AuthorizerHome): void {
  const stack = Stack.of(user);
  if (differ(region, stack.region)) {
    refuse('authorizer', `one in a stack of ${stack.region} for a service in ${region}`, `in a stack of ${region}`,
      'API Gateway invokes no authorizer of another Region: verify the tokens there by the keys at jwksUrl, or give that Region a service of its own');
  }
  if (madeHere && differ(account, stack.account)) {
    refuse('authorizer', `one in a stack of the account ${stack.account} for a service that this app makes in ${account}`,
      'an authorizer of AuthService.fromAuthServiceAttributes(), with the ARN of the authorizer function',
      `deploy the service first, with allowAuthorizersFrom("${stack.account}") and, for required scopes, declareRequiredScopes()`);
  }
}

function differ(one: string | undefined, other: string): boolean {
  return one !== undefined && !Token.isUnresolved(one) && !Token.isUnresolved(other) && one !== other;
}
