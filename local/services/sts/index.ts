import { Account } from '../account';
import { AwsError, unknownOperation } from '../errors';
import { AwsService, Permission, ServiceAnswer } from '../service';
import { Principal } from '../types';

/** GetCallerIdentity: who the instance takes a caller for. */
export class Sts implements AwsService {
  readonly name = 'sts';
  readonly endpointName = 'STS';

  constructor(private readonly account: Account) {}

  call(operation: string, _input: unknown, caller: Principal | undefined): ServiceAnswer {
    if (operation !== 'GetCallerIdentity') throw unknownOperation('STS', operation);
    const { partition, accountId } = this.account;
    return {
      output: caller
        ? { Arn: assumedRole(caller, this.account), UserId: `AROALOCAL:${caller.logicalId}`, Account: accountId }
        : { Arn: `arn:${partition}:iam::${accountId}:root`, UserId: accountId, Account: accountId },
    };
  }

  resourceOf(): undefined {
    return undefined;
  }

  /** AWS lets everybody ask who they are. */
  permissionsOf(): Permission[] {
    return [];
  }

  throttled(): AwsError {
    return new AwsError('Throttling', 'Rate exceeded');
  }

  conflict(): AwsError {
    return this.throttled();
  }
}

/** The session that a function's role gives it. */
export function assumedRole({ roleArn, functionArn }: Principal, { partition, accountId }: Account): string {
  return `arn:${partition}:sts::${accountId}:assumed-role/${roleArn.split('/').at(-1)}/${functionArn.split(':')[6] ?? functionArn}`;
}
