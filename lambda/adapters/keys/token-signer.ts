import { UnavailableError } from '../../domain/errors';
import { signingKeyAt } from '../../domain/keyset';
import { parseSigningKeyset } from '../../domain/keyset-format';
import { PublishedKeySet, SigningKey, SigningKeyset } from '../../domain/model';
import { Clock } from '../../ports/clock';
import { TokenSigner, SecretReader } from '../../ports/keys';
import { RevocationReader } from '../../ports/revocations';
import { PUBLISHED_AGES, SECRET_AGES } from './ages';
import { CachedValue } from './cached-value';

const DEPENDENCY = 'signing-keys';

/** Computes the token; which key signs is decided here. */
export type SignWith = (key: SigningKey, claims: Readonly<Record<string, unknown>>) => string;

/** One reading of the published set, different from the next one even when that brings the same set. */
interface Reading {
  readonly set: PublishedKeySet | undefined;
}

/** Signs with a private key from Secrets Manager that every verifier already knows. */
export class SecretTokenSigner implements TokenSigner {
  private readonly keyset: CachedValue<SigningKeyset>;
  private readonly published: CachedValue<Reading>;
  /** The reading that the secret was last compared with. */
  private compared: Reading | undefined;

  constructor(
    secrets: SecretReader,
    secretId: string,
    store: Pick<RevocationReader, 'readPublishedKeys'>,
    private readonly signWith: SignWith,
    private readonly clock: Clock,
  ) {
    const loadSecret = async (): Promise<SigningKeyset> => {
      const secret = await secrets.read(secretId, { stage: 'AWSCURRENT' });
      if (!secret) throw new UnavailableError(DEPENDENCY, new Error('the secret of the signing keys holds none'));
      return parseSigningKeyset(secret.value);
    };
    this.keyset = new CachedValue(loadSecret, clock, SECRET_AGES, DEPENDENCY);
    this.published = new CachedValue(async () => ({ set: await store.readPublishedKeys() }), clock, PUBLISHED_AGES, DEPENDENCY);
  }

  async ready(): Promise<void> {
    await this.load();
  }

  async sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const { keyset, published } = await this.load();
    return this.signWith(signingKeyAt(keyset, published, this.clock.now()), claims);
  }

  /**
   * A set of another version than the secret in hand means that keys changed: the secret is read again, once for each
   * reading of the set, so that a rotation between its two writes costs no more than that.
   */
  private async load(): Promise<{ readonly keyset: SigningKeyset; readonly published: PublishedKeySet | undefined }> {
    const [keyset, reading] = await Promise.all([this.keyset.get(), this.published.get()]);
    const published = reading.set;
    if (!published || published.version === keyset.version || reading === this.compared) return { keyset, published };
    this.compared = reading;
    // A secret that cannot be read now is read again later; the keys in hand are still good if they are published.
    return { keyset: await this.keyset.reload().catch(() => keyset), published };
  }
}
