import { CloudFrontOriginHeader } from '../../../../lambda/adapters/cloudfront/origin-header';
import { SignedTransport } from '../../../../lambda/adapters/signed-http';
import { configuration, DISTRIBUTION, FakeCloudFront, Fault } from './support/fake-cloudfront';

const NAME = 'x-auth-origin-secret';
const OLD = 'canary0ld'.repeat(8).slice(0, 64);
const NEW = 'canaryNew'.repeat(8).slice(0, 64);

let cloudFront: FakeCloudFront;
let transport: SignedTransport;

beforeEach(async () => {
  cloudFront = new FakeCloudFront(configuration([['x-other', 'x'], [NAME, OLD]]));
  await cloudFront.start();
  const credentials = () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session-token' });
  transport = new SignedTransport({ service: 'cloudfront', region: 'us-east-1', endpoint: cloudFront.url, credentials });
});
afterEach(async () => {
  transport.close();
  await cloudFront.stop();
});

/** Without the pauses between two rounds, and with patience for `timeoutMs` only where a test runs into it. */
const header = (timeoutMs?: number, id = DISTRIBUTION) => new CloudFrontOriginHeader(
  { send: (request) => transport.send({ ...request, ...(timeoutMs === undefined ? {} : { timeoutMs }) }) },
  id,
  () => Promise.resolve(),
);

const after = configuration([['x-other', 'x'], [NAME, NEW]]);
const unavailable = { name: 'UnavailableError', dependency: 'cloudfront' };

test('reads what is sent', async () => {
  cloudFront.change(configuration([[NAME, OLD]], [[NAME, NEW]]));
  expect(await header().values()).toEqual([OLD, NEW]);
  expect(cloudFront.writes()).toBe(0);
});

test('sends another value from now on and changes nothing else; repeated, it writes no more', async () => {
  expect(await header().send(NEW)).toEqual([OLD]);
  expect(cloudFront.xml).toBe(after);
  expect(await header().send(NEW)).toEqual([NEW]);
  expect(cloudFront.writes()).toBe(1);
  expect(cloudFront.seen[1]).toMatchObject({ method: 'PUT', ifMatch: 'E1', contentType: 'application/xml' });
});

test('signed for CloudFront in the Region of its control plane', async () => {
  await header().send(NEW);
  for (const { authorization } of cloudFront.seen) expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/cloudfront\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/);
});

test('every origin that gets the header, in one write', async () => {
  cloudFront.change(configuration([[NAME, NEW]], [], [[NAME, OLD]]));
  expect(await header().send(NEW)).toEqual([NEW, OLD]);
  expect(cloudFront.xml).toBe(configuration([[NAME, NEW]], [], [[NAME, NEW]]));
  expect(cloudFront.writes()).toBe(1);
});

describe('others who change the distribution', () => {
  test.each([1, 2, 3])('%i times: read again, and their change stays', async (times) => {
    cloudFront.faults.push(...Array<Fault>(times).fill('conflict'));
    expect(await header().send(NEW)).toEqual([OLD]);
    expect(cloudFront.xml).toBe(after.replace('</Comment>', `${', changed'.repeat(times)}</Comment>`));
  });

  test('again and again: given up after four rounds, the header as it was', async () => {
    cloudFront.faults.push(...Array<Fault>(9).fill('conflict'));
    await expect(header().send(NEW)).rejects.toMatchObject(unavailable);
    expect(cloudFront.writes()).toBe(4);
    expect(await header().values()).toEqual([OLD]);
  });

  test('two rotations at once end with one value', async () => {
    await Promise.all([header().send(NEW), header().send(NEW)]);
    expect(cloudFront.xml).toBe(after);
  });
});

describe('faults', () => {
  test('a response that was lost after the commit is recognised', async () => {
    cloudFront.faults.push('commit-then-drop');
    expect(await header().send(NEW)).toEqual([OLD]);
    expect(cloudFront.xml).toBe(after);
    expect(cloudFront.writes()).toBe(1);
  });

  test.each<Fault>(['throttle', 'error', 'drop', 'silence'])('%s twice, reading and writing: the next round goes on', async (fault) => {
    cloudFront.readFaults.push(fault);
    cloudFront.faults.push(fault);
    expect(await header(fault === 'silence' ? 300 : undefined).send(NEW)).toEqual([OLD]);
    expect(cloudFront.xml).toBe(after);
  });

  test.each<[Fault, number]>([['throttle', 4], ['error', 4], ['drop', 4], ['silence', 4], ['deny', 1]])('%s for good: unavailable after %i rounds, and no value in the error', async (fault, rounds) => {
    cloudFront.readFaults.push(...Array<Fault>(rounds).fill(fault));
    const error: unknown = await header(fault === 'silence' ? 50 : undefined).send(NEW).catch((e: unknown) => e);
    expect(error).toMatchObject(unavailable);
    expect(cloudFront.seen).toHaveLength(rounds);
    expect(`${(error as Error).stack}${String((error as Error).cause)}`).not.toContain('canary');
  });

  test('a distribution that is not there', async () => {
    await expect(header(undefined, 'E-other').values()).rejects.toMatchObject({ ...unavailable, cause: { message: 'cloudfront: status 404 NoSuchDistribution' } });
  });

  test('a distribution that sends no such header says what to do, and is not written', async () => {
    cloudFront.change(configuration([['x-other', 'x']], []));
    for (const call of [header().values(), header().send(NEW)]) {
      await expect(call).rejects.toThrow(`cloudfront: no origin of distribution ${DISTRIBUTION} is sent the header ${NAME}: deploy the stack again`);
    }
    expect(cloudFront.writes()).toBe(0);
  });

  test('a configuration in another form is not written', async () => {
    cloudFront.change(`${cloudFront.xml}<!-- ${NEW} -->`);
    await expect(header().send(NEW)).rejects.toMatchObject(unavailable);
    expect(cloudFront.writes()).toBe(0);
  });
});
