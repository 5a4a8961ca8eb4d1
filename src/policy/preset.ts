import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AuthLogLevel, FunctionsOptions } from './functions';
import { PointInTimeRecovery, StorageOptions } from './storage';

/** What a preset sets. Explicit props win, member by member. */
export interface PresetDefaults {
  readonly removalPolicy?: RemovalPolicy;
  readonly storage?: StorageOptions;
  readonly functions?: FunctionsOptions;
}

/** A layer of defaults under the explicit props, merged member by member. */
export class AuthPreset {
  /** The documented defaults. */
  public static production(): AuthPreset {
    return new AuthPreset('production', {});
  }

  /**
   * For a stack that comes and goes: everything is deleted with it, no backups, logs for a week and in detail. The rules of security
   * stay as they are.
   */
  public static development(): AuthPreset {
    return new AuthPreset('development', {
      removalPolicy: RemovalPolicy.DESTROY,
      storage: { pointInTimeRecovery: PointInTimeRecovery.disabled() },
      functions: { logLevel: AuthLogLevel.DEBUG, logRetention: RetentionDays.ONE_WEEK },
    });
  }

  private constructor(
    /** @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _defaults: PresetDefaults,
  ) {}
}
