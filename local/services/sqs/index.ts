import { Account, arnIn } from '../account';
import { AwsError } from '../errors';
import { operationOf } from '../operations';
import { AwsService, Input, Permission, ServiceAnswer } from '../service';
import { ProvisionedResource, ResolvedResource } from '../types';
import { md5, Message, NewMessage, Queue, QueueState } from './queue';

export interface SqsOptions extends Account {
  readonly now: () => number;
  /** `http://127.0.0.1:<port>`: the host of queue URLs, known once the endpoint listens. */
  readonly url: () => string;
  readonly changed?: () => void;
}

/** Longest sleep of a waiting receive: visibility returns by the virtual clock, which may jump. */
const LOOK_AGAIN_MS = 200;
const attributeNames = [
  'VisibilityTimeout', 'DelaySeconds', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'MaximumMessageSize', 'RedrivePolicy',
  'RedriveAllowPolicy', 'FifoQueue', 'ContentBasedDeduplication', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled',
];

type Operation = (input: Input) => unknown;

/** Queues with visibility time-outs, redrive and first-in-first-out groups, by the JSON protocol. */
export class Sqs implements AwsService {
  readonly name = 'sqs';
  readonly endpointName = 'SQS';
  private readonly queues = new Map<string, Queue>();
  private readonly operations: Readonly<Record<string, Operation>>;
  private stopped = false;

  constructor(private readonly options: SqsOptions) {
    this.operations = this.operationTable();
  }

  async call(operation: string, input: Input): Promise<ServiceAnswer> {
    const known = operationOf('SQS', this.operations, operation);
    return { output: await known(input) };
  }

  resourceOf(_operation: string, input: Input): string | undefined {
    const name = input.QueueUrl ?? input.QueueName;
    return typeof name === 'string' ? name.split('/').at(-1) : undefined;
  }

  permissionsOf(operation: string, input: Input): Permission[] {
    const action = `sqs:${operation.replace(/Batch$/, '')}`;
    const name = this.resourceOf(operation, input);
    return [{ action, resource: name === undefined ? '*' : this.arnOf(name) }];
  }

  throttled(): AwsError {
    return new AwsError('RequestThrottled', 'The request was denied due to request throttling.');
  }

  conflict(): AwsError {
    return new AwsError('OverLimit', 'The request was denied because of too many messages in flight.', 403);
  }

  provision({ properties, generatedName }: ResolvedResource): ProvisionedResource {
    const given = properties.QueueName as string | undefined;
    const name = given ?? `${generatedName}${properties.FifoQueue ? '.fifo' : ''}`;
    const set = attributeNames.filter((attribute) => properties[attribute] !== undefined);
    const attributes = Object.fromEntries(set.map((attribute) => [attribute, textOf(properties[attribute])]));
    const existing = this.queues.get(name);
    if (existing) Object.assign(existing.state.attributes, attributes);
    else this.add({ name, attributes, messages: [], sent: 0 });
    return { ref: this.urlOf(name), attributes: { Arn: this.arnOf(name), QueueName: name, QueueUrl: this.urlOf(name) } };
  }

  byArn(arn: string): Queue | undefined {
    return this.queues.get(arn.split(':').at(-1)!);
  }

  arnOf(name: string): string {
    return arnIn(this.options, 'sqs', name);
  }

  /** Receives at once or after waiting; empty when nothing came. */
  async receive(queue: Queue, most: number, waitMs: number, visibilitySeconds?: number): Promise<Message[]> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const messages = queue.take(most, visibilitySeconds, (message) => this.giveUp(queue, message));
      const left = deadline - Date.now();
      if (messages.length > 0 || left <= 0 || this.stopped) return messages;
      await queue.wait(Math.min(left, LOOK_AGAIN_MS));
    }
  }

  /** The virtual clock jumped: messages may have become visible. */
  wake(): void {
    for (const queue of this.queues.values()) queue.wake();
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }

  snapshot(): QueueState[] {
    return [...this.queues.values()].map((queue) => queue.state);
  }

  restore(states: readonly QueueState[]): void {
    for (const state of states) this.add(state);
  }

  private operationTable(): Record<string, Operation> {
    return {
      CreateQueue: (input) => {
        const name = String(input.QueueName);
        if (!this.queues.has(name)) this.add({ name, attributes: { ...(input.Attributes as Record<string, string> | undefined) }, messages: [], sent: 0 });
        return { QueueUrl: this.urlOf(name) };
      },
      DeleteQueue: (input) => {
        this.queues.delete(this.named(input).name);
        this.changed();
        return {};
      },
      GetQueueUrl: (input) => ({ QueueUrl: this.urlOf(this.named(input).name) }),
      ListQueues: (input) => {
        const names = [...this.queues.keys()].filter((name) => name.startsWith(String(input.QueueNamePrefix ?? '')));
        return { QueueUrls: names.map((name) => this.urlOf(name)) };
      },
      ListDeadLetterSourceQueues: (input) => {
        const arn = this.arnOf(this.named(input).name);
        return { queueUrls: [...this.queues.values()].filter((queue) => queue.redrive?.arn === arn).map((queue) => this.urlOf(queue.name)) };
      },
      GetQueueAttributes: (input) => this.attributesOf(this.named(input), (input.AttributeNames as string[] | undefined) ?? []),
      SetQueueAttributes: (input) => {
        Object.assign(this.named(input).state.attributes, input.Attributes);
        this.changed();
        return {};
      },
      PurgeQueue: (input) => {
        this.named(input).purge();
        return {};
      },
      SendMessage: (input) => sent(this.send(this.named(input), input)),
      SendMessageBatch: (input) => {
        const queue = this.named(input);
        return batch(input, (entry) => sent(this.send(queue, entry)));
      },
      ReceiveMessage: async (input) => {
        const queue = this.named(input);
        const waitSeconds = Number(input.WaitTimeSeconds ?? queue.seconds('ReceiveMessageWaitTimeSeconds', 0));
        const visibility = input.VisibilityTimeout === undefined ? undefined : Number(input.VisibilityTimeout);
        const messages = await this.receive(queue, Number(input.MaxNumberOfMessages ?? 1), waitSeconds * 1000, visibility);
        return messages.length === 0 ? {} : { Messages: messages.map(received) };
      },
      DeleteMessage: (input) => {
        this.delete(this.named(input), input);
        return {};
      },
      DeleteMessageBatch: (input) => {
        const queue = this.named(input);
        return batch(input, (entry) => this.delete(queue, entry));
      },
      ChangeMessageVisibility: (input) => {
        this.hide(this.named(input), input);
        return {};
      },
      ChangeMessageVisibilityBatch: (input) => {
        const queue = this.named(input);
        return batch(input, (entry) => this.hide(queue, entry));
      },
    };
  }

  private send(queue: Queue, input: Input): Message {
    const body = input.MessageBody;
    if (typeof body !== 'string' || body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    if (queue.isFifo && typeof input.MessageGroupId !== 'string') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageGroupId.');
    if (queue.isFifo && input.MessageDeduplicationId === undefined && queue.state.attributes.ContentBasedDeduplication !== 'true') {
      throw new AwsError('InvalidParameterValue', 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
    }
    const message: NewMessage = {
      body,
      attributes: (input.MessageAttributes ?? {}) as Record<string, unknown>,
      ...(input.DelaySeconds === undefined ? {} : { delaySeconds: Number(input.DelaySeconds) }),
      ...(typeof input.MessageGroupId === 'string' ? { groupId: input.MessageGroupId } : {}),
      ...(typeof input.MessageDeduplicationId === 'string' ? { deduplicationId: input.MessageDeduplicationId } : {}),
    };
    return queue.send(message);
  }

  /** An unknown or outdated handle deletes nothing, and that is no error. */
  private delete(queue: Queue, input: Input): void {
    const message = queue.withReceipt(input.ReceiptHandle);
    if (message) queue.remove(message);
  }

  private hide(queue: Queue, input: Input): void {
    const message = queue.withReceipt(input.ReceiptHandle);
    if (!message) throw new AwsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
    queue.hide(message, Number(input.VisibilityTimeout));
  }

  private giveUp(queue: Queue, message: Message): void {
    const target = queue.redrive && this.byArn(queue.redrive.arn);
    target?.accept(message);
  }

  private attributesOf(queue: Queue, names: readonly string[]): Record<string, unknown> {
    const { visible, inFlight, delayed } = queue.counts();
    const all: Record<string, string> = {
      VisibilityTimeout: '30',
      DelaySeconds: '0',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      ...queue.state.attributes,
      QueueArn: this.arnOf(queue.name),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    };
    return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name))) };
  }

  private named(input: Input): Queue {
    const queue = this.queues.get(this.resourceOf('', input) ?? '');
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  private add(state: QueueState): void {
    this.queues.set(state.name, new Queue(state, this.options.now, () => this.changed()));
    this.changed();
  }

  private urlOf(name: string): string {
    return `${this.options.url()}/${this.options.accountId}/${name}`;
  }

  private changed(): void {
    this.options.changed?.();
  }
}

const sent = (message: Message): Record<string, unknown> => ({
  MessageId: message.id,
  MD5OfMessageBody: md5(message.body),
  ...(message.groupId === undefined ? {} : { SequenceNumber: String(message.sequence) }),
});

const received = (message: Message): Record<string, unknown> => ({
  MessageId: message.id,
  ReceiptHandle: message.receipt,
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: systemAttributes(message),
  ...(Object.keys(message.attributes).length > 0 ? { MessageAttributes: message.attributes } : {}),
});

export const systemAttributes = (message: Message): Record<string, string> => ({
  SenderId: 'AROALOCAL',
  SentTimestamp: String(message.sentAt),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId, SequenceNumber: String(message.sequence) }),
  ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
});

/** Each entry by itself: what fails is told per entry. */
function batch(input: Input, work: (entry: Input) => Record<string, unknown> | void): Record<string, unknown> {
  const successful: unknown[] = [];
  const failed: unknown[] = [];
  for (const entry of (input.Entries ?? []) as Input[]) {
    try {
      successful.push({ Id: entry.Id, ...work(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful: successful, Failed: failed };
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
