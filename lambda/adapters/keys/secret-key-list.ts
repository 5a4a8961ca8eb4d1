import { KeyListError } from '../../domain/listed-keys';
import { ListedKey, SigningAlgorithm } from '../../domain/model';
import { KeyList, SecretReader } from '../../ports/keys';

/** The public halves of the keys in a secret that the team fills. */
export class SecretKeyList implements KeyList {
  /** @param publicHalves of the secret's value, the oldest first; rejects with `KeyListError` */
  constructor(
    private readonly secrets: SecretReader,
    private readonly secretId: string,
    private readonly algorithm: SigningAlgorithm,
    private readonly publicHalves: (json: string) => Promise<readonly ListedKey[]>,
  ) {}

  async read(): Promise<readonly ListedKey[]> {
    const secret = await this.secrets.read(this.secretId, { stage: 'AWSCURRENT' });
    if (!secret) throw new KeyListError('the secret does not exist, or holds no text');
    const keys = await this.publicHalves(secret.value);
    const newest = keys.at(-1);
    if (newest?.alg !== this.algorithm) {
      throw new KeyListError(`the newest key of the secret, the last one, is for ${newest?.alg}, signingKeys says ${this.algorithm}`);
    }
    return keys;
  }
}
