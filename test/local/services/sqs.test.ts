import {
  ChangeMessageVisibilityCommand, DeleteMessageBatchCommand, DeleteMessageCommand, GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand, Message,
  PurgeQueueCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { ServicesBench, settings, startServices } from './support/services';

const FUNCTION = 'arn:aws:lambda:eu-central-1:111122223333:function:mailer:live';
let bench: ServicesBench;
let client: SQSClient;
let count = 0;
beforeEach(async () => {
  bench = await startServices();
  client = new SQSClient(settings(bench.services));
});
afterEach(async () => {
  client.destroy();
  await bench.services.stop();
});

async function queue(properties: Record<string, unknown> = {}): Promise<{ readonly url: string; readonly arn: string }> {
  count += 1;
  const made = await bench.create('AWS::SQS::Queue', properties, `Queue${count}`);
  return { url: made.ref, arn: made.attributes.Arn as string };
}

const send = (QueueUrl: string, MessageBody: string, more: object = {}) => client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl: string, more: object = {}): Promise<Message[]> =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
const bodies = async (url: string) => (await receive(url)).map(({ Body }) => Body);

test('a received message is hidden for its time-out, by the virtual clock, and gone once deleted', async () => {
  const { url } = await queue({ VisibilityTimeout: 60 });
  await send(url, 'hello', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'k' } } });
  const [message] = await receive(url, { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
  expect(message).toMatchObject({ Body: 'hello', Attributes: { ApproximateReceiveCount: '1' }, MessageAttributes: { kind: { StringValue: 'k' } } });
  expect(await bodies(url)).toEqual([]);
  bench.clock.time += 60_000;
  const [again] = await receive(url);
  expect(again?.MessageId).toBe(message?.MessageId);
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message!.ReceiptHandle }));
  await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: again!.ReceiptHandle, VisibilityTimeout: 0 }));
  const [third] = await receive(url);
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: third!.ReceiptHandle }));
  bench.clock.time += 600_000;
  expect(await bodies(url)).toEqual([]);
});

test('delays, batches, counts and purging', async () => {
  const { url } = await queue({ DelaySeconds: 5 });
  const sent = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [
    { Id: '1', MessageBody: 'late' }, { Id: '2', MessageBody: 'now', DelaySeconds: 0 }, { Id: '3', MessageBody: '' },
  ] }));
  expect([sent.Successful?.map(({ Id }) => Id), sent.Failed?.map(({ Id }) => Id)]).toEqual([['1', '2'], ['3']]);
  const counts = async () => (await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes;
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesDelayed: '1' });
  const [now] = await receive(url);
  expect(now?.Body).toBe('now');
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
  await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: 'd', ReceiptHandle: now!.ReceiptHandle }] }));
  await client.send(new PurgeQueueCommand({ QueueUrl: url }));
  bench.clock.time += 10_000;
  expect(await bodies(url)).toEqual([]);
});

test('a long poll ends when a message arrives', async () => {
  const { url } = await queue();
  const waiting = receive(url, { WaitTimeSeconds: 20 });
  await send(url, 'awaited');
  expect((await waiting).map(({ Body }) => Body)).toEqual(['awaited']);
});

test('a message received too often goes to the dead-letter queue', async () => {
  const dead = await queue();
  const { url } = await queue({ VisibilityTimeout: 10, RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 } });
  await send(url, 'poison');
  for (let i = 0; i < 2; i += 1) {
    expect(await bodies(url)).toEqual(['poison']);
    bench.clock.time += 10_000;
  }
  expect(await bodies(url)).toEqual([]);
  expect(await bodies(dead.url)).toEqual(['poison']);
});

test('first in, first out: a group waits for its message in flight, a duplicate is one message', async () => {
  const { url } = await queue({ FifoQueue: true, ContentBasedDeduplication: true });
  expect(url).toMatch(/\.fifo$/);
  for (const [group, body] of [['a', '1'], ['a', '2'], ['b', '3'], ['a', '2']]) await send(url, body!, { MessageGroupId: group });
  const [first] = await receive(url, { MaxNumberOfMessages: 1 });
  expect(first?.Body).toBe('1');
  expect(await bodies(url)).toEqual(['3']);
  await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first!.ReceiptHandle }));
  expect(await bodies(url)).toEqual(['2']);
  await expect(send(url, 'x')).rejects.toThrow('MessageGroupId');
});

test('a queue is found by name, a missing one is refused', async () => {
  const { url } = await queue({ QueueName: 'named' });
  expect((await client.send(new GetQueueUrlCommand({ QueueName: 'named' }))).QueueUrl).toBe(url);
  expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'na' }))).QueueUrls).toEqual([url]);
  await expect(client.send(new GetQueueUrlCommand({ QueueName: 'missing' }))).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

describe('event sources', () => {
  const until = async (condition: () => boolean | Promise<boolean>) => {
    while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
  };
  const map = (arn: string, more: object = {}) => bench.create('AWS::Lambda::EventSourceMapping', { EventSourceArn: arn, FunctionName: FUNCTION, BatchSize: 5, ...more });
  const left = async (url: string) => {
    const { Attributes: counts } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
    return Number(counts!.ApproximateNumberOfMessages) + Number(counts!.ApproximateNumberOfMessagesNotVisible);
  };
  interface Records { readonly Records: { readonly messageId: string; readonly body: string }[] }

  test('a function receives what is sent, in the event\'s shape, and success deletes it', async () => {
    const { url, arn } = await queue();
    const events: Records[] = [];
    bench.handlers.set(FUNCTION, (event) => void events.push(event as unknown as Records));
    await map(arn);
    bench.services.ready();
    await send(url, 'mail', { MessageAttributes: { kind: { DataType: 'String', StringValue: 'k' } } });
    await until(async () => events.length === 1 && (await left(url)) === 0);
    expect(events[0]!.Records).toMatchObject([{
      body: 'mail', eventSource: 'aws:sqs', eventSourceARN: arn, awsRegion: 'eu-central-1',
      attributes: { ApproximateReceiveCount: '1' }, messageAttributes: { kind: { stringValue: 'k', dataType: 'String' } },
    }]);
  });

  test('what fails comes back by its time-out and ends in the dead-letter queue; what a report spares is gone', async () => {
    const dead = await queue();
    const { url, arn } = await queue({ VisibilityTimeout: 30, RedrivePolicy: { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 } });
    let calls = 0;
    bench.handlers.set(FUNCTION, (event) => {
      calls += 1;
      const { Records: records } = event as unknown as Records;
      return { batchItemFailures: records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await send(url, 'bad');
    await send(url, 'good');
    await map(arn, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    bench.services.ready();
    await until(async () => calls === 1 && (await left(url)) === 1);
    bench.clock.time += 30_000;
    bench.services.clockChanged();
    await until(() => calls === 2);
    bench.clock.time += 30_000;
    bench.services.clockChanged();
    await until(async () => (await left(dead.url)) === 1);
    expect(await left(url)).toBe(0);
  });

  test('a function that throws keeps the whole batch', async () => {
    const { url, arn } = await queue();
    let calls = 0;
    bench.handlers.set(FUNCTION, () => {
      calls += 1;
      throw new Error('broken');
    });
    await send(url, 'kept');
    await map(arn);
    bench.services.ready();
    await until(() => calls === 1);
    expect(await left(url)).toBe(1);
  });

  test('other sources are named as not evaluated', async () => {
    expect((await map('arn:aws:kinesis:eu-central-1:111122223333:stream/s')).notEvaluated).toEqual(['event source kinesis']);
  });
});
