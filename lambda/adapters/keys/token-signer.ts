import { UnavailableError } from '../../domain/errors';
import { PublishedKeySet, SigningKey } from '../../domain/model';
import { Clock } from '../../ports/clock';
import { TokenSigner, SecretReader } from '../../ports/keys';
import { RevocationReader } from '../../ports/revocations';
import { PUBLISHED_AGES, SECRET_AGES } from './ages';
import { CachedValue } from './cached-value';

const DEPENDENCY = 'signing-keys';

/** Computes the token; which key signs is decided here. */
export type SignWith = (key: PrivateKey, claims: Readonly<Record<string, unknown>>) => Promise<string>;

export type PrivateKey = Pick<SigningKey, 'kid' | 'alg' | 'privateJwk'>;

/** What a secret of signing keys looks like, and which of its keys signs. */
export interface SecretForm<K> {
  /** Throws what is logged: no text may quote the value. */
  parse(json: string): K | Promise<K>;
  /** Whether the keys in hand are those that the set was published for. */
  matches(keys: K, published: PublishedKeySet): boolean;
  /** Undefined when none of them may sign. */
  choose(keys: K, published: PublishedKeySet | undefined, now: number): PrivateKey | undefined;
}

/** One reading of the published set, different from the next one even when that brings the same set. */
interface Reading {
  readonly set: PublishedKeySet | undefined;
}

/** Signs with a private key from Secrets Manager that every verifier already knows. */
export class SecretTokenSigner<K> implements TokenSigner {
  private readonly keys: CachedValue<K>;
  private readonly published: CachedValue<Reading>;
  /** The reading that the secret was last compared with. */
  private compared: Reading | undefined;

  constructor(
    secrets: SecretReader,
    secretId: string,
    private readonly form: SecretForm<K>,
    store: Pick<RevocationReader, 'readPublishedKeys'>,
    private readonly signWith: SignWith,
    private readonly clock: Clock,
  ) {
    const loadSecret = async (): Promise<K> => {
      const secret = await secrets.read(secretId, { stage: 'AWSCURRENT' });
      if (!secret) throw new UnavailableError(DEPENDENCY, new Error('the secret of the signing keys holds none'));
      return form.parse(secret.value);
    };
    this.keys = new CachedValue(loadSecret, clock, SECRET_AGES, DEPENDENCY);
    this.published = new CachedValue(async () => ({ set: await store.readPublishedKeys() }), clock, PUBLISHED_AGES, DEPENDENCY);
  }

  async ready(): Promise<void> {
    await this.key();
  }

  async sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    return this.signWith(await this.key(), claims);
  }

  private async key(): Promise<PrivateKey> {
    const { keys, published } = await this.load();
    const key = this.form.choose(keys, published, this.clock.now());
    if (!key) throw new UnavailableError(DEPENDENCY, new Error('no key of the secret was published'));
    return key;
  }

  /**
   * A set of other keys than the secret in hand means that keys changed: the secret is read again, once for each reading of the set, so
   * that a rotation between its two writes costs no more than that.
   */
  private async load(): Promise<{ readonly keys: K; readonly published: PublishedKeySet | undefined }> {
    const [keys, reading] = await Promise.all([this.keys.get(), this.published.get()]);
    const published = reading.set;
    if (!published || this.form.matches(keys, published) || reading === this.compared) return { keys, published };
    this.compared = reading;
    // A secret that cannot be read now is read again later; the keys in hand are still good if they are published.
    return { keys: await this.keys.reload().catch(() => keys), published };
  }
}
