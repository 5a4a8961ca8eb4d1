import { UnavailableError } from '../../domain/errors';
import { parseRefreshKeyset } from '../../domain/keyset-format';
import { RefreshKey, RefreshKeyset } from '../../domain/model';
import { Clock } from '../../ports/clock';
import { RefreshKeys, SecretReader } from '../../ports/keys';
import { RELOAD_COOLDOWN_MS, SECRET_AGES } from './ages';
import { CachedValue, Cooldown } from './cached-value';

const DEPENDENCY = 'refresh-keys';

/** The refresh keys in Secrets Manager, cached in the process. */
export class SecretRefreshKeys implements RefreshKeys {
  private readonly keyset: CachedValue<RefreshKeyset>;
  private readonly unknownKey: Cooldown;

  constructor(secrets: SecretReader, secretId: string, clock: Clock) {
    const load = async (): Promise<RefreshKeyset> => {
      const secret = await secrets.read(secretId, { stage: 'AWSCURRENT' });
      if (!secret) throw new UnavailableError(DEPENDENCY, new Error('the secret of the refresh keys holds none'));
      return parseRefreshKeyset(secret.value);
    };
    this.keyset = new CachedValue(load, clock, SECRET_AGES, DEPENDENCY);
    this.unknownKey = new Cooldown(clock, RELOAD_COOLDOWN_MS);
  }

  async current(): Promise<RefreshKey> {
    const [current] = (await this.keyset.get()).keys;
    if (!current) throw new UnavailableError(DEPENDENCY);
    return current;
  }

  async floor(): Promise<number> {
    return (await this.keyset.get()).ep ?? 0;
  }

  async find(kv: string): Promise<RefreshKey | undefined> {
    const known = keyOf(await this.keyset.get(), kv);
    if (known || !this.unknownKey.pass()) return known;
    try {
      return keyOf(await this.keyset.reload(), kv);
    } catch (error) {
      // The key may exist: that it is not known here says nothing about the token.
      throw new UnavailableError(DEPENDENCY, error);
    }
  }
}

function keyOf(keyset: RefreshKeyset, kv: string): RefreshKey | undefined {
  return keyset.keys.find((key) => key.kv === kv);
}
