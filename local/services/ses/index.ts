import { randomUUID } from 'node:crypto';
import { Account, arnIn } from '../account';
import { AwsError, unknownOperation } from '../errors';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { CapturedMail } from '../types';

const MOST = 1000;

/** SES v2 SendEmail: keeps what would be sent. */
export class Mail implements AwsService {
  readonly name = 'ses';
  readonly endpointName = 'SESV2';
  readonly captured: CapturedMail[] = [];

  constructor(private readonly options: Account & { readonly now: () => number }) {}

  call(operation: string, input: Input): ServiceAnswer {
    if (operation !== 'SendEmail') throw unknownOperation('SES', operation);
    const { ToAddresses: to = [], CcAddresses: cc = [], BccAddresses: bcc = [] } = (input.Destination ?? {}) as Record<string, string[] | undefined>;
    const mail: CapturedMail = {
      id: randomUUID(),
      ...(typeof input.FromEmailAddress === 'string' ? { from: input.FromEmailAddress } : {}),
      to: [...to, ...cc, ...bcc],
      content: input.Content,
      time: this.options.now(),
    };
    this.captured.push(mail);
    if (this.captured.length > MOST) this.captured.shift();
    return { output: { MessageId: mail.id } };
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    return input.FromEmailAddress as string | undefined;
  }

  permissionsOf(_operation: string, input: Input): Permission[] {
    const from = String(input.FromEmailAddress ?? '');
    const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
    return [{ action: 'ses:SendEmail', resource: arnIn(this.options, 'ses', `identity/${address.split('@').at(-1)}`), context: { 'ses:FromAddress': [address] } }];
  }

  throttled(): AwsError {
    return new AwsError('TooManyRequestsException', 'Too many requests', 429);
  }

  conflict(): AwsError {
    return new AwsError('ConflictException', 'Conflict', 409);
  }
}
