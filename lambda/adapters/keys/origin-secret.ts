import { UnavailableError } from '../../domain/errors';
import { acceptedValues, parseOriginKeyset } from '../../domain/origin-secret';
import { Clock } from '../../ports/clock';
import { Crypto } from '../../ports/crypto';
import { SecretReader } from '../../ports/keys';
import { OriginSecret } from '../../ports/origin';
import { RELOAD_COOLDOWN_MS, SECRET_AGES } from './ages';
import { CachedValue, Cooldown } from './cached-value';

const DEPENDENCY = 'origin-secret';

/** The origin secret in Secrets Manager, cached in the process. */
export class CachedOriginSecret implements OriginSecret {
  private readonly values: CachedValue<readonly string[]>;
  private readonly unknownValue: Cooldown;

  constructor(secrets: SecretReader, secretId: string, private readonly crypto: Pick<Crypto, 'equal'>, clock: Clock) {
    const load = async (): Promise<readonly string[]> => {
      const secret = await secrets.read(secretId, { stage: 'AWSCURRENT' });
      if (!secret) throw new UnavailableError(DEPENDENCY, new Error('the origin secret holds nothing'));
      return acceptedValues(parseOriginKeyset(secret.value));
    };
    this.values = new CachedValue(load, clock, SECRET_AGES, DEPENDENCY);
    this.unknownValue = new Cooldown(clock, RELOAD_COOLDOWN_MS);
  }

  /** Loads the secret, so that the first request need not. */
  async ready(): Promise<void> {
    await this.values.get();
  }

  async accepts(value: string): Promise<boolean> {
    if (this.among(await this.values.get(), value)) return true;
    if (!this.unknownValue.pass()) return false;
    try {
      return this.among(await this.values.reload(), value);
    } catch (error) {
      // It may be a new one: that it is not known here says nothing about the request.
      throw new UnavailableError(DEPENDENCY, error);
    }
  }

  /** Compared with all of them, so that the time tells nothing about which. */
  private among(values: readonly string[], value: string): boolean {
    return values.map((one) => this.crypto.equal(one, value)).includes(true);
  }
}
