import { auditEvent } from '../../domain/audit-events';
import { isListed, KeyOperationDeps, ListedKeyDeps } from './deps';
import { originKind, refreshKind, signingKind } from './keyset-kinds';
import { Rotation } from './rotation';

/** The event that Secrets Manager invokes the function with. */
export interface RotationInput {
  readonly step: string;
  readonly secretId: string;
  /** `ClientRequestToken`: the version that the rotation is about. */
  readonly token: string;
}

const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

/**
 * One step of a rotation, by the contract of Secrets Manager. Each may be repeated, at any time and by several invocations at once; a
 * rotation that broke off goes on with the next call. Throws what Secrets Manager shall see as a failed step.
 *
 * @param inTime ends a step that hangs while there is still time to say so; without it, a step takes as long as it takes
 */
export async function rotateKeys(
  deps: KeyOperationDeps | ListedKeyDeps,
  input: RotationInput,
  inTime: (work: () => Promise<void>) => Promise<void> = (work) => work(),
): Promise<void> {
  const step = STEPS.find((name) => name === input.step);
  try {
    if (!step) throw new Error('rotation: unknown step');
    await inTime(() => run(deps, input, step));
  } catch (error) {
    deps.audit.record(auditEvent('keys_rotation_failed', { reason: step ?? 'unknown_step' }));
    throw error;
  }
}

async function run(deps: KeyOperationDeps | ListedKeyDeps, { secretId, token }: RotationInput, step: (typeof STEPS)[number]): Promise<void> {
  const { originHeader, settings: { refreshSecret, originSecret } } = deps;
  if (!isListed(deps) && secretId === deps.settings.signingSecret) return new Rotation(deps, signingKind(deps), token)[step]();
  if (secretId === refreshSecret) return new Rotation(deps, refreshKind(deps), token)[step]();
  if (secretId === originSecret && originHeader) return new Rotation(deps, originKind(deps, originSecret, originHeader), token)[step]();
  throw new Error('rotation: not a secret of this service');
}
