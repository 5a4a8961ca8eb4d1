import { UnavailableError } from '../../domain/errors';
import { SecretReader, SecretVersion, VersionSelector } from '../../ports/keys';
import { JsonProtocol, JsonReads, Pause, Refusal } from './json-reads';
import { SignedTransport } from './transport';

const DEPENDENCY = 'secrets';
const SECRETS_MANAGER: JsonProtocol = { target: 'secretsmanager', version: '1.1' };

/** Reads secrets without the SDK: all that a function does with Secrets Manager unless it makes keys. As `SecretsManagerSecret`. */
export class SignedHttpSecretReader implements SecretReader {
  private readonly secretsManager: JsonReads;

  constructor(transport: Pick<SignedTransport, 'send'>, pause?: Pause) {
    this.secretsManager = new JsonReads(transport, SECRETS_MANAGER, pause);
  }

  async read(secretId: string, which: VersionSelector): Promise<SecretVersion | undefined> {
    const VersionId = 'versionId' in which ? which.versionId : undefined;
    try {
      const answer = await this.secretsManager.read('GetSecretValue', { SecretId: secretId, VersionId, VersionStage: which.stage });
      const { SecretString: value, VersionId: versionId } = answer;
      // A version without a string was never filled by this service.
      return typeof value === 'string' && typeof versionId === 'string' ? { versionId, value } : undefined;
    } catch (error) {
      if (error instanceof Refusal && error.type === 'ResourceNotFoundException') return undefined;
      throw new UnavailableError(DEPENDENCY, error);
    }
  }
}
