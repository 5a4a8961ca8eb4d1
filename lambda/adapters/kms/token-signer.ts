import { base64url } from 'jose';
import { KMS_MESSAGE_BYTES, KMS_MESSAGE_TYPE, KmsSigningAlgorithms } from '../../../src/contract/signing';
import { UnavailableError } from '../../domain/errors';
import { accessTokenHeader } from '../../domain/jws';
import { listedKeys, signingOrder } from '../../domain/listed-keys';
import { PublishedKey } from '../../domain/model';
import { Clock } from '../../ports/clock';
import { TokenSigner } from '../../ports/keys';
import { RevocationReader } from '../../ports/revocations';
import { PUBLISHED_AGES } from '../keys/ages';
import { CachedValue } from '../keys/cached-value';
import { JsonReads, Refusal } from '../signed-http/json-reads';
import { jwsSignature } from './jws-signature';

const DEPENDENCY = 'signing-keys';

/** Signs with a key that never leaves KMS. Which one is said by the published set: it names the keys and what every verifier knows. */
export class KmsTokenSigner implements TokenSigner {
  private readonly listed: CachedValue<readonly PublishedKey[]>;

  /** @param kms signing changes nothing, so that it is asked for again like a reading */
  constructor(private readonly kms: Pick<JsonReads, 'read'>, store: Pick<RevocationReader, 'readPublishedKeys'>, private readonly clock: Clock) {
    const load = async (): Promise<readonly PublishedKey[]> => {
      const set = await store.readPublishedKeys();
      const keys = set ? listedKeys(set, 'kms') : [];
      if (keys.length === 0) throw new UnavailableError(DEPENDENCY, new Error('no key of KMS was published'));
      return keys;
    };
    this.listed = new CachedValue(load, clock, PUBLISHED_AGES, DEPENDENCY);
  }

  async ready(): Promise<void> {
    await this.listed.get();
  }

  /** A key that KMS refuses, because it was disabled or is not allowed any more, is passed over for the next older one. */
  async sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    let refused: unknown;
    for (const key of signingOrder(await this.listed.get(), this.clock.now())) {
      const input = [accessTokenHeader(key.alg, key.kid), claims].map((part) => base64url.encode(JSON.stringify(part))).join('.');
      if (input.length > KMS_MESSAGE_BYTES) throw new Error(`kms: ${input.length} bytes to sign, no access token is that long`);
      try {
        return `${input}.${base64url.encode(await this.signature(key, input))}`;
      } catch (error) {
        if (!(error instanceof Refusal)) throw new UnavailableError(DEPENDENCY, error);
        refused ??= error;
      }
    }
    throw new UnavailableError(DEPENDENCY, refused);
  }

  private async signature({ alg, keyArn }: PublishedKey, input: string): Promise<Buffer> {
    const { Signature: signature } = await this.kms.read('Sign', {
      KeyId: keyArn, Message: Buffer.from(input, 'ascii').toString('base64'), MessageType: KMS_MESSAGE_TYPE, SigningAlgorithm: KmsSigningAlgorithms[alg],
    });
    if (typeof signature !== 'string') throw new Error('kms: the answer has no signature');
    return jwsSignature(alg, Buffer.from(signature, 'base64'));
  }
}
