import { SigningKeyset } from '../../domain/model';
import { CURRENT, KeyOperationDeps, PENDING } from './deps';
import { publishKeyset } from './publication';
import { serialise, Stored } from './stored-keyset';

/** Holds a version while it is neither pending nor current. */
const REPLACEMENT = 'AUTHREPLACEMENT';

/**
 * Another keyset instead of the current one, outside of a rotation: stored, published, then made current if nobody was faster. The
 * caller looks again whether what it wanted has come true. `withdrawn`: the key that an emergency takes out with it.
 */
export async function replaceKeyset(
  deps: KeyOperationDeps,
  current: Stored<SigningKeyset>,
  keyset: SigningKeyset,
  withdrawn?: string,
): Promise<void> {
  const { secrets, settings: { signingSecret }, crypto } = deps;
  const versionId = crypto.randomUuid();
  await secrets.put(signingSecret, versionId, serialise(keyset, { base: current.versionId }), [REPLACEMENT]);
  if (await publishKeyset(deps, keyset, withdrawn) === 'published' && await secrets.moveStage(signingSecret, CURRENT, versionId, current.versionId) === 'moved') {
    // The last rotation may have left its label on the version that was current; there it would block the next one.
    await secrets.moveStage(signingSecret, PENDING, undefined, current.versionId);
  }
  await secrets.moveStage(signingSecret, REPLACEMENT, undefined, versionId);
}
