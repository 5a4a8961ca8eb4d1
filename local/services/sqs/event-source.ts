import { isTrue } from '../account';
import { FunctionInvoker, ProvisionedResource, ResolvedResource } from '../types';
import { Sqs, systemAttributes } from './index';
import { md5, Message, Queue } from './queue';

/** Lambda's pollers wait up to 20 s; a shorter wait lets the instance stop at once. */
const POLL_MS = 1000;
const DEFAULT_CONCURRENCY = 5;

interface Mapping {
  readonly queueArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly reportsFailures: boolean;
}

/** AWS::Lambda::EventSourceMapping from queues: receives, invokes, deletes what succeeded. The rest comes back by its visibility time-out. */
export class EventSources {
  private readonly mappings: Mapping[] = [];
  private readonly loops: Promise<void>[] = [];
  private running = false;

  constructor(private readonly sqs: Sqs, private readonly functions: FunctionInvoker, private readonly region: string) {}

  provision({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const source = String(properties.EventSourceArn ?? '');
    const ref = generatedName;
    if (source.split(':')[2] !== 'sqs') return { ref, attributes: { Id: ref }, notEvaluated: [`event source ${source.split(':')[2] ?? 'without an ARN'}`] };
    const scaling = properties.ScalingConfig as { readonly MaximumConcurrency?: number } | undefined;
    const mapping: Mapping = {
      queueArn: source,
      functionArn: String(properties.FunctionName),
      batchSize: Number(properties.BatchSize ?? 10),
      concurrency: Number(scaling?.MaximumConcurrency ?? DEFAULT_CONCURRENCY),
      reportsFailures: ((properties.FunctionResponseTypes ?? []) as string[]).includes('ReportBatchItemFailures'),
    };
    if (properties.Enabled === undefined || isTrue(properties.Enabled)) {
      this.mappings.push(mapping);
      if (this.running) this.loops.push(this.poll(mapping));
    }
    return { ref, attributes: { Id: ref }, notEvaluated: properties.FilterCriteria ? ['filter criteria'] : [] };
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    for (const mapping of this.mappings) this.loops.push(this.poll(mapping));
  }

  /** Resolves when the batches under way are done. */
  async stop(): Promise<void> {
    this.running = false;
    await Promise.all(this.loops);
  }

  private async poll(mapping: Mapping): Promise<void> {
    const queue = this.sqs.byArn(mapping.queueArn);
    if (!queue) return;
    const active = new Set<Promise<void>>();
    while (this.running) {
      if (active.size >= mapping.concurrency) await Promise.race(active);
      const messages = await this.sqs.receive(queue, mapping.batchSize, POLL_MS);
      if (messages.length === 0) continue;
      const batch: Promise<void> = this.deliver(mapping, queue, messages).finally(() => active.delete(batch));
      active.add(batch);
    }
    await Promise.all(active);
  }

  private async deliver(mapping: Mapping, queue: Queue, messages: readonly Message[]): Promise<void> {
    const payload = JSON.stringify({ Records: messages.map((message) => this.recordOf(mapping, message)) });
    const failed = await this.failures(mapping, payload);
    // A batch that failed as a whole stays as it is.
    if (!failed) return;
    for (const message of messages) if (!failed.has(message.id)) queue.remove(message);
  }

  /** Ids of the messages that failed, or undefined when all did. */
  private async failures({ functionArn, reportsFailures }: Mapping, payload: string): Promise<ReadonlySet<string> | undefined> {
    try {
      const result = await this.functions.invoke({ functionArn, payload, source: 'sqs' });
      if (result.functionError !== undefined) return undefined;
      if (!reportsFailures) return new Set();
      const answer = JSON.parse(result.payload || 'null') as { readonly batchItemFailures?: readonly { readonly itemIdentifier?: unknown }[] } | null;
      const ids = (answer?.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);
      // Lambda takes an identifier it cannot read for a failure of the whole batch.
      return ids.every((id) => typeof id === 'string' && id !== '') ? new Set(ids as string[]) : undefined;
    } catch {
      return undefined;
    }
  }

  private recordOf(mapping: Mapping, message: Message): Record<string, unknown> {
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: Object.fromEntries(Object.entries(message.attributes).map(([name, value]) => [name, attributeOf(value)])),
      md5OfBody: md5(message.body),
      eventSource: 'aws:sqs',
      eventSourceARN: mapping.queueArn,
      awsRegion: this.region,
    };
  }
}

/** The event spells attributes in lower camel case. */
function attributeOf(value: unknown): Record<string, unknown> {
  const { StringValue: text, BinaryValue: binary, DataType: type } = value as { StringValue?: string; BinaryValue?: string; DataType: string };
  return {
    ...(text === undefined ? {} : { stringValue: text }),
    ...(binary === undefined ? {} : { binaryValue: binary }),
    stringListValues: [],
    binaryListValues: [],
    dataType: type,
  };
}
