import { Account, epochSeconds } from '../account';
import { AwsError } from '../errors';
import { operationOf } from '../operations';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { FunctionInvoker } from '../types';
import { CURRENT, RotationRules, Secret, SecretVersion } from './model';
import { PasswordRules, randomPassword } from './random-password';
import { Rotations } from './rotation';
import { SecretStore } from './store';
import { putVersion, updateStage, versionToRead } from './versions';

export interface SecretsManagerOptions extends Account {
  readonly now: () => number;
  readonly functions: FunctionInvoker;
  /** Called after every change. */
  readonly changed?: () => void;
}

type Operation = (input: Input) => unknown;

/** Secrets with versions and staging labels, and their rotation through the real functions. */
export class SecretsManager implements AwsService {
  readonly name = 'secretsmanager';
  readonly endpointName = 'SECRETS_MANAGER';
  readonly secrets: SecretStore;
  readonly rotations: Rotations;
  private readonly operations: Readonly<Record<string, Operation>>;
  private readonly changed: () => void;

  constructor(private readonly options: SecretsManagerOptions) {
    this.changed = options.changed ?? (() => undefined);
    this.secrets = new SecretStore(options, options.now);
    this.rotations = new Rotations(options.functions, options.now, this.changed);
    this.operations = { ...this.values(), ...this.management() };
  }

  call(operation: string, input: Input): ServiceAnswer {
    const known = operationOf('Secrets Manager', this.operations, operation);
    return { output: known(input) };
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    const id = input.SecretId ?? input.Name;
    if (typeof id !== 'string') return undefined;
    return this.secrets.find(id)?.name ?? id;
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    const action = `secretsmanager:${operation}`;
    if (operation === 'ListSecrets' || operation === 'GetRandomPassword' || operation === 'BatchGetSecretValue') return [{ action, resource: '*' }];
    const id = String(input.SecretId ?? input.Name ?? '');
    const secret = this.secrets.find(id);
    const context: Record<string, string[]> = {
      'secretsmanager:SecretId': [id],
      ...(typeof input.VersionStage === 'string' ? { 'secretsmanager:VersionStage': [input.VersionStage] } : {}),
      ...(secret ? { 'secretsmanager:ResourceTag': secret.tags.map((tag) => `${tag.Key}=${tag.Value}`) } : {}),
    };
    return [{ action, resource: secret?.arn ?? this.secrets.arnFor(id), context }];
  }

  throttled(): AwsError {
    return new AwsError('ThrottlingException', 'Rate exceeded');
  }

  conflict(): AwsError {
    return new AwsError('InvalidRequestException', 'You can\'t perform this operation on the secret because another operation changes it.');
  }

  private values(): Record<string, Operation> {
    const { secrets, options } = this;
    return {
      GetSecretValue: (input) => {
        const secret = secrets.live(input.SecretId);
        return this.valueOf(secret, versionToRead(secret, input.VersionId as string | undefined, input.VersionStage as string | undefined));
      },
      PutSecretValue: (input) => {
        const secret = secrets.live(input.SecretId);
        const stages = (input.VersionStages as string[] | undefined) ?? [CURRENT];
        if (stages.length === 0) throw new AwsError('InvalidParameterException', 'VersionStages must not be empty');
        const id = tokenOf(input);
        const content = contentOf(input);
        if (!content) throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
        const version = putVersion(secret, id, content, stages, options.now());
        this.changed();
        return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: version.stages };
      },
      UpdateSecretVersionStage: (input) => {
        const secret = secrets.live(input.SecretId);
        updateStage(secret, String(input.VersionStage ?? ''), input.RemoveFromVersionId as string | undefined, input.MoveToVersionId as string | undefined);
        secret.changedAt = options.now();
        this.changed();
        return { ARN: secret.arn, Name: secret.name };
      },
      RotateSecret: (input) => {
        const secret = secrets.live(input.SecretId);
        this.rotations.configure(secret, input.RotationLambdaARN as string | undefined, input.RotationRules as RotationRules | undefined);
        const token = input.ClientRequestToken as string | undefined;
        const versionId = input.RotateImmediately === false ? this.rotations.test(secret, token) : this.rotations.start(secret, token);
        return { ARN: secret.arn, Name: secret.name, VersionId: versionId };
      },
      CancelRotateSecret: (input) => {
        const secret = secrets.live(input.SecretId);
        secret.rotationEnabled = false;
        this.changed();
        return { ARN: secret.arn, Name: secret.name };
      },
      GetRandomPassword: (input) => ({ RandomPassword: randomPassword(input as PasswordRules) }),
      BatchGetSecretValue: (input) => {
        const found = ((input.SecretIdList as string[] | undefined) ?? []).map((id) => ({ id, secret: secrets.find(id) }));
        return {
          SecretValues: found.flatMap(({ secret }) => (secret ? [this.valueOf(secret, versionToRead(secret, undefined, undefined))] : [])),
          Errors: found.filter(({ secret }) => !secret).map(({ id }) => ({ SecretId: id, ErrorCode: 'ResourceNotFoundException', Message: 'Secrets Manager can\'t find the specified secret.' })),
        };
      },
    };
  }

  private management(): Record<string, Operation> {
    const { secrets, options } = this;
    const changing = (work: (secret: Secret, input: Input) => unknown, ofLive = true): Operation => (input) => {
      const secret = ofLive ? secrets.live(input.SecretId) : secrets.get(input.SecretId);
      const output = work(secret, input) ?? { ARN: secret.arn, Name: secret.name };
      this.changed();
      return output;
    };
    return {
      CreateSecret: (input) => {
        const secret = secrets.create(String(input.Name ?? ''), input);
        const content = contentOf(input);
        const version = content && putVersion(secret, tokenOf(input), content, [CURRENT], options.now());
        this.changed();
        return { ARN: secret.arn, Name: secret.name, ...(version ? { VersionId: version.id } : {}) };
      },
      UpdateSecret: changing((secret, input) => {
        if (typeof input.Description === 'string') secret.description = input.Description;
        if (typeof input.KmsKeyId === 'string') secret.kmsKeyId = input.KmsKeyId;
        const content = contentOf(input);
        const version = content && putVersion(secret, tokenOf(input), content, [CURRENT], options.now());
        return { ARN: secret.arn, Name: secret.name, ...(version ? { VersionId: version.id } : {}) };
      }),
      DescribeSecret: (input) => describe(secrets.get(input.SecretId)),
      ListSecrets: (input) => {
        const listed = secrets.all().filter((secret) => input.IncludePlannedDeletion === true || secret.deletedAt === undefined);
        return { SecretList: listed.map(describe) };
      },
      ListSecretVersionIds: (input) => {
        const secret = secrets.get(input.SecretId);
        const versions = secret.versions.filter((version) => input.IncludeDeprecated === true || version.stages.length > 0);
        return {
          ARN: secret.arn,
          Name: secret.name,
          Versions: versions.map((version) => ({ VersionId: version.id, VersionStages: version.stages, CreatedDate: epochSeconds(version.createdAt) })),
        };
      },
      DeleteSecret: changing((secret, input) => {
        if (input.ForceDeleteWithoutRecovery === true) secrets.remove(secret);
        secret.deletedAt = options.now();
        return { ARN: secret.arn, Name: secret.name, DeletionDate: epochSeconds(options.now()) };
      }),
      RestoreSecret: changing((secret) => void delete secret.deletedAt, false),
      PutResourcePolicy: changing((secret, input) => void (secret.policy = String(input.ResourcePolicy))),
      DeleteResourcePolicy: changing((secret) => void delete secret.policy),
      GetResourcePolicy: (input) => {
        const secret = secrets.get(input.SecretId);
        return { ARN: secret.arn, Name: secret.name, ...(secret.policy === undefined ? {} : { ResourcePolicy: secret.policy }) };
      },
      TagResource: changing((secret, input) => {
        const tags = input.Tags as Secret['tags'];
        secret.tags = [...secret.tags.filter((tag) => !tags.some((other) => other.Key === tag.Key)), ...tags];
        return {};
      }),
      UntagResource: changing((secret, input) => {
        secret.tags = secret.tags.filter((tag) => !(input.TagKeys as string[]).includes(tag.Key));
        return {};
      }),
    };
  }

  private valueOf(secret: Secret, version: SecretVersion): Record<string, unknown> {
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...(version.text === undefined ? {} : { SecretString: version.text }),
      ...(version.binary === undefined ? {} : { SecretBinary: version.binary }),
      VersionStages: version.stages,
      CreatedDate: epochSeconds(version.createdAt),
    };
  }
}

function contentOf(input: Input): { readonly text?: string; readonly binary?: string } | undefined {
  if (typeof input.SecretString === 'string') return { text: input.SecretString };
  return typeof input.SecretBinary === 'string' ? { binary: input.SecretBinary } : undefined;
}

/** The SDK always sends a token; who calls by hand gets a random one. */
function tokenOf(input: Input): string {
  const token = (input.ClientRequestToken as string | undefined) ?? crypto.randomUUID();
  if (token.length < 32 || token.length > 64) throw new AwsError('InvalidParameterException', 'ClientRequestToken must have 32 to 64 characters');
  return token;
}

function describe(secret: Secret): Record<string, unknown> {
  const { ScheduleExpression: expression, ...rules } = secret.rotationRules ?? {};
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    RotationEnabled: secret.rotationEnabled,
    ...(secret.rotationFunction === undefined ? {} : { RotationLambdaARN: secret.rotationFunction }),
    ...(secret.rotationRules === undefined ? {} : { RotationRules: { ...rules, ...(expression === undefined ? {} : { ScheduleExpression: expression }) } }),
    ...(secret.rotatedAt === undefined ? {} : { LastRotatedDate: epochSeconds(secret.rotatedAt) }),
    ...(secret.nextRotationAt === undefined ? {} : { NextRotationDate: epochSeconds(secret.nextRotationAt) }),
    LastChangedDate: epochSeconds(secret.changedAt),
    CreatedDate: epochSeconds(secret.createdAt),
    ...(secret.deletedAt === undefined ? {} : { DeletedDate: epochSeconds(secret.deletedAt) }),
    Tags: secret.tags,
    VersionIdsToStages: Object.fromEntries(secret.versions.filter((version) => version.stages.length > 0).map((version) => [version.id, version.stages])),
  };
}

