import { createHash, randomUUID } from 'node:crypto';

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  /** Virtual epoch milliseconds before which nobody receives it. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  /** Handle of the last receive: older ones delete nothing. */
  receipt?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequence: number;
}

export interface QueueState {
  readonly name: string;
  readonly attributes: Record<string, string>;
  messages: Message[];
  /** How many messages were ever sent. */
  sent: number;
}

export interface NewMessage {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly delaySeconds?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

const DEDUPLICATION_MS = 5 * 60 * 1000;

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** One queue: visibility, retention, first-in-first-out groups, and what goes to the dead-letter queue. */
export class Queue {
  private readonly duplicates = new Map<string, { readonly message: Message; readonly until: number }>();
  private readonly wakers = new Set<() => void>();

  constructor(readonly state: QueueState, private readonly now: () => number, private readonly changed: () => void) {}

  get name(): string {
    return this.state.name;
  }

  get isFifo(): boolean {
    return this.name.endsWith('.fifo');
  }

  seconds(attribute: string, otherwise: number): number {
    return Number(this.state.attributes[attribute] ?? otherwise);
  }

  /** Where a message goes after so many receives. */
  get redrive(): { readonly arn: string; readonly maxReceiveCount: number } | undefined {
    const policy = this.state.attributes.RedrivePolicy;
    if (policy === undefined || policy === '') return undefined;
    const { deadLetterTargetArn: arn, maxReceiveCount } = JSON.parse(policy) as { deadLetterTargetArn: string; maxReceiveCount: number | string };
    return { arn, maxReceiveCount: Number(maxReceiveCount) };
  }

  send(fresh: NewMessage): Message {
    const now = this.now();
    const deduplicationId = this.isFifo ? fresh.deduplicationId ?? createHash('sha256').update(fresh.body).digest('hex') : undefined;
    for (const [id, { until }] of this.duplicates) if (until <= now) this.duplicates.delete(id);
    const duplicate = deduplicationId === undefined ? undefined : this.duplicates.get(deduplicationId);
    if (duplicate) return duplicate.message;
    this.state.sent += 1;
    const message: Message = {
      id: randomUUID(),
      body: fresh.body,
      attributes: fresh.attributes ?? {},
      sentAt: now,
      visibleAt: now + (fresh.delaySeconds ?? this.seconds('DelaySeconds', 0)) * 1000,
      receiveCount: 0,
      ...(fresh.groupId === undefined ? {} : { groupId: fresh.groupId }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
      sequence: this.state.sent,
    };
    if (deduplicationId !== undefined) this.duplicates.set(deduplicationId, { message, until: now + DEDUPLICATION_MS });
    this.put(message);
    return message;
  }

  /** Takes in a message that another queue gave up. */
  accept(message: Message): void {
    this.put({ ...message, visibleAt: this.now(), receiveCount: 0 });
  }

  /** What is visible now, at most `most`. `giveUp` gets messages that were received too often. */
  take(most: number, visibilitySeconds: number | undefined, giveUp: (message: Message) => void): Message[] {
    const now = this.now();
    const oldest = now - this.seconds('MessageRetentionPeriod', 345_600) * 1000;
    this.state.messages = this.state.messages.filter((message) => message.sentAt > oldest);
    const limit = this.redrive?.maxReceiveCount ?? Infinity;
    const taken: Message[] = [];
    const busyGroups = new Set<string>();
    for (const message of [...this.state.messages]) {
      if (taken.length >= most) break;
      const { groupId } = message;
      if (groupId !== undefined && this.isFifo && busyGroups.has(groupId)) continue;
      if (message.visibleAt > now) {
        if (groupId !== undefined) busyGroups.add(groupId);
        continue;
      }
      if (message.receiveCount >= limit) {
        this.remove(message);
        giveUp(message);
        continue;
      }
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.receipt = randomUUID();
      message.visibleAt = now + (visibilitySeconds ?? this.seconds('VisibilityTimeout', 30)) * 1000;
      taken.push(message);
    }
    if (taken.length > 0) this.changed();
    return taken;
  }

  /** Waits until something may have become visible, `milliseconds` at most. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.wakers.add(wake);
    });
  }

  wake(): void {
    for (const wake of [...this.wakers]) wake();
  }

  withReceipt(receipt: unknown): Message | undefined {
    return this.state.messages.find((message) => message.receipt !== undefined && message.receipt === receipt);
  }

  remove(message: Message): void {
    this.state.messages = this.state.messages.filter((other) => other !== message);
    this.changed();
  }

  hide(message: Message, seconds: number): void {
    message.visibleAt = this.now() + seconds * 1000;
    this.changed();
    if (seconds === 0) this.wake();
  }

  purge(): void {
    this.state.messages = [];
    this.changed();
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = this.now();
    const hidden = this.state.messages.filter((message) => message.visibleAt > now);
    const delayed = hidden.filter((message) => message.receiveCount === 0).length;
    return { visible: this.state.messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  private put(message: Message): void {
    this.state.messages.push(message);
    this.changed();
    this.wake();
  }
}
