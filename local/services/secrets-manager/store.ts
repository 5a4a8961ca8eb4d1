import { createHash } from 'node:crypto';
import { Account, arnIn } from '../account';
import { AwsError } from '../errors';
import { Input } from '../service';
import { Secret } from './model';

/** The secrets by name, found by name, ARN or ARN without its random suffix. */
export class SecretStore {
  private readonly secrets = new Map<string, Secret>();

  constructor(private readonly account: Account, private readonly now: () => number) {}

  find(id: string): Secret | undefined {
    if (!id.startsWith('arn:')) return this.secrets.get(id);
    return this.all().find((secret) => secret.arn === id || secret.arn.slice(0, -7) === id);
  }

  /** The secret, deleted or not. */
  get(id: unknown): Secret {
    const secret = typeof id === 'string' ? this.find(id) : undefined;
    if (!secret) throw new AwsError('ResourceNotFoundException', 'Secrets Manager can\'t find the specified secret.');
    return secret;
  }

  live(id: unknown): Secret {
    const secret = this.get(id);
    if (secret.deletedAt !== undefined) {
      throw new AwsError('InvalidRequestException', 'You can\'t perform this operation on the secret because it was marked for deletion.');
    }
    return secret;
  }

  create(name: string, input: Input): Secret {
    if (!/^[\w/+=.@-]{1,512}$/.test(name)) throw new AwsError('InvalidParameterException', 'The name of a secret has 1 to 512 characters of A-Z a-z 0-9 / _ + = . @ -');
    if (this.secrets.has(name)) throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    const secret: Secret = {
      name,
      arn: this.arnFor(name),
      ...(typeof input.Description === 'string' ? { description: input.Description } : {}),
      ...(typeof input.KmsKeyId === 'string' ? { kmsKeyId: input.KmsKeyId } : {}),
      tags: (input.Tags as Secret['tags'] | undefined) ?? [],
      versions: [],
      createdAt: this.now(),
      changedAt: this.now(),
      rotationEnabled: false,
    };
    this.secrets.set(name, secret);
    return secret;
  }

  remove(secret: Secret): void {
    this.secrets.delete(secret.name);
  }

  all(): Secret[] {
    return [...this.secrets.values()];
  }

  /** The suffix is random on AWS; here it follows from the name, so that a secret has one ARN at every start. */
  arnFor(nameOrArn: string): string {
    if (nameOrArn.startsWith('arn:')) return nameOrArn;
    const suffix = createHash('sha256').update(nameOrArn).digest('base64').replace(/[^A-Za-z0-9]/g, '').slice(0, 6);
    return arnIn(this.account, 'secretsmanager', `secret:${nameOrArn}-${suffix}`);
  }

  restore(secrets: readonly Secret[]): void {
    for (const secret of secrets) this.secrets.set(secret.name, secret);
  }
}
