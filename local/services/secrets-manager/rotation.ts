import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors';
import { parseSchedule } from '../schedule';
import { FunctionInvoker, RotationRun } from '../types';
import { CURRENT, PENDING, RotationRules, Secret, SecretVersion } from './model';
import { moveStage, withStage } from './versions';

const steps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

type Run = { -readonly [Member in keyof RotationRun]: RotationRun[Member] };

/**
 * Drives rotations through the real function, step by step and off the request path. A rotation that failed leaves its AWSPENDING version
 * behind: the next one is refused and takes up the unfinished one again, as on AWS.
 */
export class Rotations {
  readonly runs: Run[] = [];
  private readonly running = new Map<string, Promise<void>>();

  constructor(private readonly functions: FunctionInvoker, private readonly now: () => number, private readonly changed: () => void) {}

  configure(secret: Secret, functionArn: string | undefined, rules: RotationRules | undefined): void {
    if (functionArn !== undefined) secret.rotationFunction = functionArn;
    if (rules !== undefined) secret.rotationRules = rules;
    if (!secret.rotationFunction) throw new AwsError('InvalidRequestException', 'No Lambda rotation function ARN is associated with this secret.');
    this.plan(secret);
    secret.rotationEnabled = true;
    this.changed();
  }

  /** Starts a rotation; answers with the id of its version. */
  start(secret: Secret, token: string | undefined): string {
    this.refuseUnfinished(secret);
    const version = this.emptyPending(secret, token ?? randomUUID());
    this.run(secret, version.id, 'rotate');
    return version.id;
  }

  /** Runs testSecret alone, on an empty version that is gone afterwards. */
  test(secret: Secret, token: string | undefined): string {
    this.refuseUnfinished(secret);
    const version = this.emptyPending(secret, token ?? randomUUID());
    this.run(secret, version.id, 'test');
    return version.id;
  }

  /** Starts what is due. */
  startDue(secrets: Iterable<Secret>): void {
    for (const secret of secrets) {
      if (!secret.rotationEnabled || secret.deletedAt !== undefined || secret.nextRotationAt === undefined || secret.nextRotationAt > this.now()) continue;
      this.plan(secret);
      try {
        this.start(secret, undefined);
      } catch (error) {
        // The unfinished rotation was taken up again.
        if (!(error instanceof AwsError)) throw error;
      }
    }
  }

  async settled(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running.values());
  }

  private refuseUnfinished(secret: Secret): void {
    const pending = withStage(secret, PENDING);
    if (!pending || pending.stages.includes(CURRENT)) return;
    this.run(secret, pending.id, 'rotate');
    throw new AwsError('InvalidRequestException', 'A previous rotation isn\'t complete. That rotation will be reattempted.');
  }

  private plan(secret: Secret): void {
    const { ScheduleExpression: expression, AutomaticallyAfterDays: afterDays } = secret.rotationRules ?? {};
    if (expression === undefined && afterDays === undefined) {
      delete secret.nextRotationAt;
      return;
    }
    const next = parseSchedule(expression ?? `rate(${afterDays} days)`).next(this.now(), secret.rotatedAt ?? this.now());
    if (Number.isFinite(next)) secret.nextRotationAt = next;
    else delete secret.nextRotationAt;
  }

  private emptyPending(secret: Secret, id: string): SecretVersion {
    const existing = secret.versions.find((version) => version.id === id);
    const version = existing ?? { id, stages: [], createdAt: this.now() };
    if (!existing) secret.versions.push(version);
    moveStage(secret, PENDING, version);
    this.changed();
    return version;
  }

  /** At most one run of a secret at a time. */
  private run(secret: Secret, versionId: string, kind: RotationRun['kind']): void {
    if (this.running.has(secret.arn)) return;
    const run: Run = { secret: secret.name, versionId, kind, startedAt: this.now(), state: 'running' };
    this.runs.push(run);
    const work = this.drive(secret, run).finally(() => {
      this.running.delete(secret.arn);
      this.changed();
    });
    this.running.set(secret.arn, work);
  }

  private async drive(secret: Secret, run: Run): Promise<void> {
    for (const step of run.kind === 'test' ? ['testSecret'] : steps) {
      const error = await this.invoke(secret, run.versionId, step);
      if (error === undefined) continue;
      run.state = 'failed';
      run.failedStep = step;
      run.error = error;
      if (run.kind === 'test') this.forget(secret, run.versionId);
      return;
    }
    run.state = 'succeeded';
    if (run.kind === 'test') this.forget(secret, run.versionId);
    else {
      secret.rotatedAt = this.now();
      this.plan(secret);
    }
  }

  private async invoke(secret: Secret, token: string, step: string): Promise<string | undefined> {
    const payload = JSON.stringify({ Step: step, SecretId: secret.arn, ClientRequestToken: token, RotationToken: randomUUID() });
    try {
      const result = await this.functions.invoke({ functionArn: secret.rotationFunction!, payload, source: 'secretsmanager', sourceArn: secret.arn });
      if (result.functionError === undefined) return undefined;
      const { errorMessage } = JSON.parse(result.payload) as { readonly errorMessage?: string };
      return errorMessage ?? result.functionError;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Removes the temporary version of a test. */
  private forget(secret: Secret, versionId: string): void {
    secret.versions = secret.versions.filter((version) => version.id !== versionId || version.stages.includes(CURRENT));
  }
}
