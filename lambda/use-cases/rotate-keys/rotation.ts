import { auditEvent } from '../../domain/audit-events';
import { UnavailableError } from '../../domain/errors';
import { CommonKeyDeps, CURRENT, MAX_ROUNDS, PENDING } from './deps';
import { KeysetKind } from './keyset-kinds';
import { readCurrent, readStored, serialise, Stored } from './stored-keyset';

/** The version that this rotation is about: already in use, or waiting under AWSPENDING. */
type Target = { readonly done: true; readonly versionId: string } | { readonly done: false; readonly versionId: string };

/**
 * One rotation of one secret. A version of a secret never changes its value, so a pending keyset that turns out to be made from an
 * old one is not repaired but replaced: a version of our own takes the label AWSPENDING over, and names the rotation it belongs to.
 */
export class Rotation<K extends object> {
  constructor(
    private readonly deps: CommonKeyDeps,
    private readonly kind: KeysetKind<K>,
    private readonly token: string,
  ) {}

  async createSecret(): Promise<void> {
    const target = await this.target();
    if (!target.done) await this.pending(target.versionId);
  }

  async setSecret(): Promise<void> {
    const target = await this.target();
    if (!target.done) await this.publishPending();
  }

  async testSecret(): Promise<void> {
    const target = await this.target();
    // Secrets Manager tries a new schedule by this step alone, on a version that createSecret never filled.
    const tested = await this.read(target.versionId) ?? await readCurrent(this.deps, this.kind.secretId, this.kind.parse);
    if (!await this.kind.check(tested.keyset)) throw new Error('rotation: a key failed its test');
  }

  async finishSecret(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const target = await this.target();
      if (target.done) return this.clearPending(target.versionId);
      const published = await this.publishPending();
      if (!published) continue;
      const { versionId, origin } = published;
      if (await this.deps.secrets.moveStage(this.kind.secretId, CURRENT, versionId, origin.base) === 'moved') {
        this.deps.audit.record(auditEvent('keys_rotated', { reason: this.kind.name }));
        return this.clearPending(versionId);
      }
    }
    throw this.contended();
  }

  /** Refuses what is not a rotation in progress; says where its version is now. */
  private async target(): Promise<Target> {
    const { rotationEnabled, stages } = await this.deps.secrets.describe(this.kind.secretId);
    if (!rotationEnabled) throw new Error('rotation: not enabled for the secret');
    const labels = stages.get(this.token) ?? [];
    if (labels.includes(CURRENT)) return { done: true, versionId: this.token };
    if (labels.includes(PENDING)) return { done: false, versionId: this.token };
    for (const [label, done] of [[CURRENT, true], [PENDING, false]] as const) {
      const versionId = versionWith(stages, label);
      const stored = versionId === undefined ? undefined : await this.read(versionId);
      if (stored?.origin.rotation === this.token) return { done, versionId: stored.versionId };
    }
    throw new Error('rotation: the version is not pending');
  }

  /**
   * The pending keyset, made if it is missing and made again if it has lost a change; undefined when another invocation has
   * finished this rotation meanwhile.
   */
  private async pending(versionId: string): Promise<Stored<K> | undefined> {
    let id = versionId;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const current = await readCurrent(this.deps, this.kind.secretId, this.kind.parse);
      if (current.versionId === this.token || current.origin.rotation === this.token) return undefined;
      const pending = await this.read(id);
      if (pending && pending.origin.base === current.versionId && await this.kind.usable(pending.keyset)) return pending;
      if (pending) id = this.replacementOf(id);
      const keyset = await this.kind.rotate(current.keyset);
      await this.deps.secrets.put(this.kind.secretId, id, serialise(keyset, { rotation: this.token, base: current.versionId }), [PENDING]);
    }
    throw this.contended();
  }

  /** Undefined when another invocation has finished this rotation meanwhile. */
  private async publishPending(): Promise<Stored<K> | undefined> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { done, versionId } = await this.target();
      if (done) return undefined;
      if (!await this.read(versionId)) throw new Error('rotation: the pending version is empty, createSecret comes first');
      const pending = await this.pending(versionId);
      if (!pending) return undefined;
      if (await this.kind.publish(pending.keyset) === 'published') return pending;
    }
    throw this.contended();
  }

  /** AWSPENDING left on a version that something else replaces later would block every rotation to come. */
  private async clearPending(versionId: string): Promise<void> {
    const { stages } = await this.deps.secrets.describe(this.kind.secretId);
    if (stages.get(versionId)?.includes(PENDING)) {
      await this.deps.secrets.moveStage(this.kind.secretId, PENDING, undefined, versionId);
    }
  }

  private read(versionId: string): Promise<Stored<K> | undefined> {
    return readStored(this.deps, this.kind.secretId, { versionId }, this.kind.parse);
  }

  /** The same for every invocation that finds the same version wanting, so that they meet. 64 characters, the most allowed. */
  private replacementOf(versionId: string): string {
    return Buffer.from(this.deps.crypto.sha256(`replaces ${versionId}`), 'base64url').toString('hex');
  }

  private contended(): UnavailableError {
    return new UnavailableError('secrets', new Error('rotation: the secret keeps changing'));
  }
}

function versionWith(stages: ReadonlyMap<string, readonly string[]>, label: string): string | undefined {
  return [...stages].find(([, labels]) => labels.includes(label))?.[0];
}
