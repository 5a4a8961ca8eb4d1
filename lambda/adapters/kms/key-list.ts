import { exportJWK, importSPKI } from 'jose';
import { UnavailableError } from '../../domain/errors';
import { KeyListError } from '../../domain/listed-keys';
import { ListedKey, SigningAlgorithm } from '../../domain/model';
import { KeyList } from '../../ports/keys';
import { publicMembers, thumbprint } from '../jose/keys';
import { JsonReads, Refusal } from '../signed-http/json-reads';

const DEPENDENCY = 'signing-keys';

/** The public halves of keys of KMS. */
export class KmsKeyList implements KeyList {
  constructor(
    private readonly kms: Pick<JsonReads, 'read'>,
    private readonly algorithm: SigningAlgorithm,
  ) {}

  async read(keyArns: readonly string[]): Promise<readonly ListedKey[]> {
    if (keyArns.length === 0) throw new KeyListError('the deployment names no key of KMS');
    return Promise.all(keyArns.map((keyArn) => this.readOne(keyArn)));
  }

  private async readOne(keyArn: string): Promise<ListedKey> {
    const { PublicKey: der } = await this.publicKey(keyArn);
    const { algorithm: alg } = this;
    const jwk = typeof der === 'string' ? await exported(der, alg) : {};
    const [members, kid] = [publicMembers(alg, jwk), await thumbprint(alg, jwk)];
    if (!members || kid === undefined) throw new KeyListError(`${keyArn} is no key for ${alg}`);
    return { kid, alg, jwk: { ...members, kid, use: 'sig', alg }, keyArn };
  }

  private async publicKey(keyArn: string): Promise<Readonly<Record<string, unknown>>> {
    try {
      return await this.kms.read('GetPublicKey', { KeyId: keyArn });
    } catch (error) {
      if (!(error instanceof Refusal)) throw new UnavailableError(DEPENDENCY, error);
      // A permission that came with the same deployment may not be known to KMS yet.
      if (error.type === 'AccessDeniedException') throw new UnavailableError(DEPENDENCY, new Error('not authorized to perform: kms:GetPublicKey', { cause: error }));
      throw new KeyListError(`KMS refuses ${keyArn}: ${error.type}`, { cause: error });
    }
  }
}

/** @param der SubjectPublicKeyInfo, base64 */
async function exported(der: string, alg: SigningAlgorithm): Promise<Record<string, string>> {
  try {
    return (await exportJWK(await importSPKI(`-----BEGIN PUBLIC KEY-----\n${der}\n-----END PUBLIC KEY-----`, alg, { extractable: true }))) as Record<string, string>;
  } catch {
    return {};
  }
}
