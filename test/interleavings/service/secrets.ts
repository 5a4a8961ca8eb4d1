import { InvalidParameterException, InvalidRequestException, ResourceExistsException, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';

interface Version {
  readonly value: string | undefined;
  readonly labels: readonly string[];
}

interface PutInput {
  readonly ClientRequestToken: string;
  readonly SecretString: string;
  readonly VersionStages: readonly string[];
}

interface MoveInput {
  readonly VersionStage: string;
  readonly MoveToVersionId?: string;
  readonly RemoveFromVersionId?: string;
}

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const PENDING = 'AWSPENDING';

/**
 * Secrets Manager in memory, one call one step: a label stands on one version at a time, AWSPREVIOUS follows AWSCURRENT, the first version
 * is current whatever it is labelled, values never change, versions without a label are not described, a rotation begins with an empty
 * pending version, and one left behind blocks the next.
 */
export class Secrets {
  /** Versions are replaced, never changed. */
  private readonly secrets = new Map<string, Map<string, Version>>();
  private rotations = 0;
  /** Of the state, until something changes. */
  private text: string | undefined;

  constructor(...ids: readonly string[]) {
    for (const id of ids) this.secrets.set(id, new Map());
  }

  copy(): Secrets {
    const copy = new Secrets();
    for (const [id, versions] of this.secrets) copy.secrets.set(id, new Map(versions));
    copy.rotations = this.rotations;
    copy.text = this.text;
    return copy;
  }

  state(): string {
    return this.text ??= JSON.stringify([...this.secrets].map(([id, versions]) => [id, [...versions].sort(([a], [b]) => (a < b ? -1 : 1))]));
  }

  /** Runs a command of the SDK by the name of its class. Throws what the SDK throws. */
  execute(command: string, input: any): object {
    const { SecretId: id } = input as { readonly SecretId: string };
    switch (command) {
      case 'GetSecretValueCommand':
        return this.get(id, input);
      case 'PutSecretValueCommand':
        return this.put(id, input);
      case 'UpdateSecretVersionStageCommand':
        return this.move(id, input);
      case 'DescribeSecretCommand':
        return { RotationEnabled: true, VersionIdsToStages: this.labelled(id) };
      case 'RotateSecretCommand':
        this.beginRotation(id);
        return {};
      default:
        throw new Error(`got ${command}, which these secrets do not know: add it to ${__filename}`);
    }
  }

  /** What Secrets Manager does before it invokes the function; the answer is the ClientRequestToken. */
  beginRotation(id: string): string {
    const blocking = this.withLabel(id, PENDING);
    if (blocking !== undefined && !this.labelsOf(id, blocking).includes(CURRENT)) throw new InvalidRequestException({ message: 'a previous rotation is not complete', $metadata: {} });
    this.rotations += 1;
    const token = `00000000-0000-4000-8000-${String(this.rotations).padStart(12, '0')}`;
    this.set(id, token, { value: undefined, labels: [] });
    this.attach(id, PENDING, token);
    return token;
  }

  withLabel(id: string, label: string): string | undefined {
    return [...this.versions(id)].find(([, { labels }]) => labels.includes(label))?.[0];
  }

  /** The JSON of the current version. */
  current(id: string): any {
    return JSON.parse(this.versions(id).get(this.withLabel(id, CURRENT) ?? '')?.value ?? 'null');
  }

  private get(id: string, { VersionId, VersionStage }: { readonly VersionId?: string; readonly VersionStage?: string }): object {
    const versionId = VersionId ?? this.withLabel(id, VersionStage ?? CURRENT);
    const version = this.versions(id).get(versionId ?? '');
    if (version?.value === undefined || (VersionStage !== undefined && !version.labels.includes(VersionStage))) {
      throw new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
    }
    return { VersionId: versionId, SecretString: version.value };
  }

  private labelled(id: string): Readonly<Record<string, readonly string[]>> {
    const described = [...this.versions(id)].filter(([, { labels }]) => labels.length > 0);
    return Object.fromEntries(described.map(([version, { labels }]) => [version, [...labels]]));
  }

  private put(id: string, { ClientRequestToken: token, SecretString: value, VersionStages: stages }: PutInput): object {
    if (token.length < 32 || token.length > 64) throw new InvalidParameterException({ message: 'ClientRequestToken has 32 to 64 characters', $metadata: {} });
    const versions = this.versions(id);
    const existing = versions.get(token);
    if (existing?.value !== undefined) {
      if (existing.value !== value) throw new ResourceExistsException({ message: 'the version has another value', $metadata: {} });
      return {};
    }
    const first = ![...versions.values()].some((version) => version.value !== undefined);
    this.set(id, token, { value, labels: existing?.labels ?? [] });
    for (const stage of first ? new Set([CURRENT, ...stages]) : stages) this.attach(id, stage, token);
    return {};
  }

  private move(id: string, { VersionStage: stage, MoveToVersionId: to, RemoveFromVersionId: from }: MoveInput): object {
    const at = this.withLabel(id, stage);
    if (to !== undefined && at === to) return {};
    if (at !== from) throw new InvalidParameterException({ message: 'the label is on another version', $metadata: {} });
    if (to !== undefined) this.attach(id, stage, to);
    else if (from !== undefined) this.relabel(id, from, (labels) => labels.filter((label) => label !== stage));
    return {};
  }

  private attach(id: string, stage: string, versionId: string): void {
    const from = this.withLabel(id, stage);
    if (from === versionId) return;
    if (from !== undefined) this.relabel(id, from, (labels) => labels.filter((label) => label !== stage));
    this.relabel(id, versionId, (labels) => [...labels, stage].sort());
    if (from !== undefined && stage === CURRENT) this.attach(id, PREVIOUS, from);
  }

  private relabel(id: string, versionId: string, change: (labels: readonly string[]) => readonly string[]): void {
    const version = this.versions(id).get(versionId);
    if (!version) throw new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
    this.set(id, versionId, { ...version, labels: change(version.labels) });
  }

  private set(id: string, versionId: string, version: Version): void {
    this.text = undefined;
    this.versions(id).set(versionId, version);
  }

  private labelsOf(id: string, versionId: string): readonly string[] {
    return this.versions(id).get(versionId)?.labels ?? [];
  }

  private versions(id: string): Map<string, Version> {
    const versions = this.secrets.get(id);
    if (!versions) throw new ResourceNotFoundException({ message: `no secret ${id}`, $metadata: {} });
    return versions;
  }
}
