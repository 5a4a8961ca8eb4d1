import { UnavailableError } from '../../domain/errors';
import { parseLookupSecret } from '../../domain/lookup-secret';
import { Clock } from '../../ports/clock';
import { SecretReader } from '../../ports/keys';
import { Lookup, LookupLabel } from '../../ports/lookup';
import { LookupDigests } from '../node-crypto/lookup-digests';
import { SECRET_AGES } from './ages';
import { CachedValue } from './cached-value';

const DEPENDENCY = 'lookup-secret';

interface Loaded {
  readonly digests: LookupDigests;
  readonly unkeyedBefore: boolean;
}

/** The lookup secret in Secrets Manager, cached in the process. A container that never read it knows the key of no counter: 503. */
export class SecretLookup implements Lookup {
  private readonly loaded: CachedValue<Loaded>;

  constructor(secrets: SecretReader, secretId: string, clock: Clock) {
    const load = async (): Promise<Loaded> => {
      const secret = await secrets.read(secretId, { stage: 'AWSCURRENT' });
      if (!secret) throw new UnavailableError(DEPENDENCY, new Error('the lookup secret holds nothing'));
      const { key, unkeyedBefore = false } = parseLookupSecret(secret.value);
      return { digests: new LookupDigests(key), unkeyedBefore };
    };
    this.loaded = new CachedValue(load, clock, SECRET_AGES, DEPENDENCY);
  }

  async ready(): Promise<void> {
    await this.loaded.get();
  }

  async digest(label: LookupLabel, fields: readonly string[]): Promise<string> {
    return (await this.loaded.get()).digests.digest(label, fields);
  }

  async unkeyedBefore(): Promise<boolean> {
    return (await this.loaded.get()).unkeyedBefore;
  }
}
