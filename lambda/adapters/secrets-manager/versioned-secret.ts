import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidParameterException,
  InvalidRequestException,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RotateSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { UnavailableError } from '../../domain/errors';
import { SecretDescription, SecretVersion, VersionedSecret, VersionSelector } from '../../ports/keys';

const DEPENDENCY = 'secrets';

/** `VersionedSecret` over AWS Secrets Manager. No value of a secret is ever part of an error. */
export class SecretsManagerSecret implements VersionedSecret {
  constructor(private readonly client: SecretsManagerClient) {}

  async read(secretId: string, which: VersionSelector): Promise<SecretVersion | undefined> {
    const VersionId = 'versionId' in which ? which.versionId : undefined;
    try {
      const command = new GetSecretValueCommand({ SecretId: secretId, VersionId, VersionStage: which.stage });
      const { SecretString: value, VersionId: versionId } = await this.client.send(command);
      // A version without a string was never filled by this service.
      return value === undefined || versionId === undefined ? undefined : { versionId, value };
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  async put(secretId: string, versionId: string, value: string, stages: readonly string[]): Promise<'stored' | 'exists'> {
    try {
      await this.client.send(new PutSecretValueCommand({ SecretId: secretId, ClientRequestToken: versionId, SecretString: value, VersionStages: [...stages] }));
      return 'stored';
    } catch (error) {
      if (error instanceof ResourceExistsException) return 'exists';
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  async moveStage(secretId: string, stage: string, toVersionId: string | undefined, fromVersionId: string | undefined): Promise<'moved' | 'elsewhere'> {
    try {
      await this.client.send(new UpdateSecretVersionStageCommand({
        SecretId: secretId, VersionStage: stage, MoveToVersionId: toVersionId, RemoveFromVersionId: fromVersionId,
      }));
      return 'moved';
    } catch (error) {
      // The service compares: a label that is not on RemoveFromVersionId is an invalid parameter. After a lost response it is, too.
      if (error instanceof InvalidParameterException || error instanceof ResourceNotFoundException) {
        return await this.stands(secretId, stage, toVersionId, fromVersionId) ? 'moved' : 'elsewhere';
      }
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  async describe(secretId: string): Promise<SecretDescription> {
    try {
      const { RotationEnabled, VersionIdsToStages } = await this.client.send(new DescribeSecretCommand({ SecretId: secretId }));
      // Absent while the first schedule is being set up, when Secrets Manager already tries testSecret.
      return { rotationEnabled: RotationEnabled !== false, stages: new Map(Object.entries(VersionIdsToStages ?? {})) };
    } catch (error) {
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  async startRotation(secretId: string): Promise<'started' | 'in_progress'> {
    try {
      await this.client.send(new RotateSecretCommand({ SecretId: secretId, RotateImmediately: true }));
      return 'started';
    } catch (error) {
      if (error instanceof InvalidRequestException && await this.isRotating(secretId)) return 'in_progress';
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  private async isRotating(secretId: string): Promise<boolean> {
    const { stages } = await this.describe(secretId);
    return [...stages.values()].some((labels) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'));
  }

  /** Whether the move that was refused has already happened: the SDK repeats a call whose response was lost. */
  private async stands(secretId: string, stage: string, toVersionId: string | undefined, fromVersionId: string | undefined): Promise<boolean> {
    const { stages } = await this.describe(secretId);
    const has = (versionId: string | undefined): boolean => versionId !== undefined && (stages.get(versionId)?.includes(stage) ?? false);
    return toVersionId === undefined ? !has(fromVersionId) : has(toVersionId);
  }
}
