import { Aws } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { AuthFunction } from '../functions/auth-function';
import { ScopeSet } from './scope-set';

/**
 * The aliases by which APIs reach the authorizer, and who may use them. One permission an alias serves every API of an account, so that
 * an API in a stack that is made later needs nothing here.
 */
export class AuthorizerEntry extends Construct {
  private readonly authorizer: AuthFunction;
  private readonly aliases = new Map<string, Alias>();
  private readonly accounts: string[] = [Aws.ACCOUNT_ID];

  constructor(scope: Construct, id: string, authorizer: AuthFunction) {
    super(scope, id);
    this.authorizer = authorizer;
    // The one for tokens of any scope.
    this.admit(new ScopeSet([]), authorizer.alias);
  }

  /** ARN of the alias that asks for these scopes; the alias is made at the first call. */
  public aliasArn(scopes: string[]): string {
    const set = new ScopeSet(scopes);
    const existing = this.aliases.get(set.alias);
    if (existing) {
      return existing.functionArn;
    }
    const alias = this.authorizer.addAlias(this, set.id, set.alias, `Asks for the scopes ${set.scopes.join(' ')}`.slice(0, 256));
    this.admit(set, alias);
    return alias.functionArn;
  }

  /** Lets the APIs of another account use every alias, those made later included. */
  public allowAccount(account: string): void {
    if (this.accounts.includes(account)) {
      return;
    }
    this.accounts.push(account);
    for (const alias of this.aliases.values()) {
      permit(alias, account, this.accounts.length - 1);
    }
  }

  private admit(set: ScopeSet, alias: Alias): void {
    this.aliases.set(set.alias, alias);
    this.accounts.forEach((account, index) => permit(alias, account, index));
  }
}

/** `sourceAccount` beside `sourceArn`, since the ARN alone names no owner of an API. */
function permit(alias: Alias, account: string, index: number): void {
  alias.addPermission(`Authorizers${index === 0 ? '' : index}`, {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: `arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${account}:*/authorizers/*`,
    sourceAccount: account,
  });
}
