import { randomUUID } from 'node:crypto';
import { SecretDescription, SecretVersion, VersionedSecret, VersionSelector } from '../../../lambda/ports/keys';
import { Pause } from '../../../lambda/adapters/memory';

interface Version {
  value: string | undefined;
  readonly labels: Set<string>;
}

interface Secret {
  readonly versions: Map<string, Version>;
  rotationEnabled: boolean;
}

/**
 * Secrets Manager in memory: labels stand on one version at a time, AWSPREVIOUS follows AWSCURRENT, the first version is current
 * whatever it is labelled, values never change, versions without a label are not described, a rotation begins with an empty
 * pending version, and one left behind blocks the next.
 */
export class FakeSecrets implements VersionedSecret {
  private readonly secrets = new Map<string, Secret>();

  constructor(private readonly pause: Pause = async () => undefined) {}

  create(secretId: string): void {
    this.secrets.set(secretId, { versions: new Map(), rotationEnabled: true });
  }

  switchRotation(secretId: string, enabled: boolean): void {
    this.secret(secretId).rotationEnabled = enabled;
  }

  /** What Secrets Manager does before it invokes the function; the answer is the ClientRequestToken. */
  beginRotation(secretId: string): string {
    const blocking = this.withLabel(secretId, 'AWSPENDING');
    if (blocking !== undefined && !this.labels(secretId, blocking).includes('AWSCURRENT')) throw new Error('a previous rotation is not complete');
    const token = randomUUID();
    this.addEmptyPending(secretId, token);
    return token;
  }

  /** As for the trial of a new schedule. */
  addEmptyPending(secretId: string, token: string): void {
    this.secret(secretId).versions.set(token, { value: undefined, labels: new Set() });
    this.attach(secretId, 'AWSPENDING', token);
  }

  withLabel(secretId: string, label: string): string | undefined {
    return [...this.secret(secretId).versions].find(([, version]) => version.labels.has(label))?.[0];
  }

  allWithLabel(secretId: string, label: string): string[] {
    return [...this.secret(secretId).versions].filter(([, version]) => version.labels.has(label)).map(([id]) => id);
  }

  labels(secretId: string, versionId: string): string[] {
    return [...this.secret(secretId).versions.get(versionId)?.labels ?? []];
  }

  /** JSON value of the version with the label. */
  json<T>(secretId: string, label = 'AWSCURRENT'): T {
    const id = this.withLabel(secretId, label);
    return JSON.parse(this.secret(secretId).versions.get(id ?? '')?.value ?? 'null') as T;
  }

  async read(secretId: string, which: VersionSelector): Promise<SecretVersion | undefined> {
    await this.pause();
    const versionId = 'versionId' in which ? which.versionId : this.withLabel(secretId, which.stage);
    const version = this.secret(secretId).versions.get(versionId ?? '');
    const found = versionId !== undefined && version?.value !== undefined && (which.stage === undefined || version.labels.has(which.stage))
      ? { versionId, value: version.value }
      : undefined;
    await this.pause();
    return found;
  }

  async put(secretId: string, versionId: string, value: string, stages: readonly string[]): Promise<'stored' | 'exists'> {
    if (versionId.length < 32 || versionId.length > 64) throw new Error('ClientRequestToken has 32 to 64 characters');
    await this.pause();
    const { versions } = this.secret(secretId);
    const existing = versions.get(versionId);
    if (existing?.value !== undefined && existing.value !== value) {
      await this.pause();
      return 'exists';
    }
    if (existing?.value === undefined) {
      const first = ![...versions.values()].some((version) => version.value !== undefined);
      versions.set(versionId, { value, labels: existing?.labels ?? new Set() });
      for (const stage of first ? new Set(['AWSCURRENT', ...stages]) : stages) this.attach(secretId, stage, versionId);
    }
    await this.pause();
    return 'stored';
  }

  async moveStage(secretId: string, stage: string, toVersionId: string | undefined, fromVersionId: string | undefined): Promise<'moved' | 'elsewhere'> {
    await this.pause();
    const moved = this.move(secretId, stage, toVersionId, fromVersionId);
    await this.pause();
    return moved;
  }

  async describe(secretId: string): Promise<SecretDescription> {
    await this.pause();
    const { rotationEnabled, versions } = this.secret(secretId);
    const stages = new Map([...versions].filter(([, version]) => version.labels.size > 0).map(([id, version]) => [id, [...version.labels]]));
    await this.pause();
    return { rotationEnabled, stages };
  }

  async startRotation(secretId: string): Promise<'started' | 'in_progress'> {
    await this.pause();
    try {
      this.beginRotation(secretId);
      return 'started';
    } catch {
      return 'in_progress';
    }
  }

  private move(secretId: string, stage: string, to: string | undefined, from: string | undefined): 'moved' | 'elsewhere' {
    const at = this.withLabel(secretId, stage);
    if (to !== undefined && at === to) return 'moved';
    if (at !== from) return to === undefined && !this.labels(secretId, from ?? '').includes(stage) ? 'moved' : 'elsewhere';
    if (to === undefined) this.secret(secretId).versions.get(from ?? '')?.labels.delete(stage);
    else this.attach(secretId, stage, to);
    return 'moved';
  }

  private attach(secretId: string, stage: string, versionId: string): void {
    const target = this.secret(secretId).versions.get(versionId);
    if (!target) throw new Error('no such version');
    const from = this.withLabel(secretId, stage);
    if (from !== undefined && from !== versionId) {
      this.secret(secretId).versions.get(from)?.labels.delete(stage);
      if (stage === 'AWSCURRENT') this.attach(secretId, 'AWSPREVIOUS', from);
    }
    target.labels.add(stage);
  }

  private secret(secretId: string): Secret {
    const secret = this.secrets.get(secretId);
    if (!secret) throw new Error('no such secret');
    return secret;
  }
}
