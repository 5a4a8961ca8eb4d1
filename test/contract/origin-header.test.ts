import { CloudFrontOriginHeader } from '../../lambda/adapters/cloudfront/origin-header';
import { SignedTransport, TransportRequest } from '../../lambda/adapters/signed-http';
import { CloudFront } from '../../local/services/cloudfront';
import { Calls } from '../../local/services/calls';
import { Endpoint } from '../../local/services/endpoint';
import { FaultRules } from '../../local/services/faults';
import { FaultSpec } from '../../local/services/types';
import { FakeDistribution } from '../lambda/support/fake-distribution';
import { describeOriginHeader } from './suites/origin-header';

const now = () => Date.UTC(2026, 10, 1);
const service = new CloudFront({ region: 'us-east-1', accountId: '000000000000', partition: 'aws', now });
const faults = new FaultRules();
const endpoint = new Endpoint({ port: 0, now, services: [service], faults, calls: new Calls() });
let transport: SignedTransport;
let distributions = 0;

beforeAll(async () => {
  await endpoint.start();
  const credentials = () => ({ accessKeyId: 'TEST', secretAccessKey: 'test' });
  transport = new SignedTransport({ service: 'cloudfront', region: 'us-east-1', endpoint: endpoint.url, credentials });
});
afterEach(() => faults.remove());
afterAll(async () => {
  transport.close();
  await endpoint.stop();
});

const origin = (Id: string, headers: readonly object[]) => ({
  Id, DomainName: 'abc123.execute-api.eu-west-1.amazonaws.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' }, OriginCustomHeaders: headers,
});

/** A distribution of the local instance, and what its configuration became. */
function aDistribution(first: string) {
  const id = `E${distributions += 1}`;
  let config: Readonly<Record<string, unknown>> = {
    Comment: 'R&D <OriginCustomHeader>',
    Enabled: true,
    Origins: [origin('other', []), origin('api', [{ HeaderName: 'x-other', HeaderValue: 'a & b' }, { HeaderName: 'x-auth-origin-secret', HeaderValue: first }])],
    DefaultCacheBehavior: { TargetOriginId: 'api', ViewerProtocolPolicy: 'https-only', AllowedMethods: ['GET', 'HEAD'], CachedMethods: ['GET', 'HEAD'] },
  };
  service.add({ id, arn: `arn:aws:cloudfront::000000000000:distribution/${id}`, domainName: 'd1.cloudfront.net', config, changed: (next) => { config = next; } });
  const sent = () => {
    const [, api] = config.Origins as { OriginCustomHeaders: { HeaderName: string; HeaderValue: string }[] }[];
    return api!.OriginCustomHeaders.find(({ HeaderName }) => HeaderName === 'x-auth-origin-secret')!.HeaderValue;
  };
  const within = (timeoutMs: number) => ({ send: (request: TransportRequest) => transport.send({ ...request, timeoutMs }) });
  const header = (timeoutMs = 5000) => new CloudFrontOriginHeader(within(timeoutMs), id, () => Promise.resolve());
  return { header, sent, config: () => config };
}

describeOriginHeader('memory', async (first) => {
  const header = new FakeDistribution(async () => undefined, first);
  return { header, sent: () => header.value };
});

describeOriginHeader('CloudFront', async (first) => {
  const { header, sent } = aDistribution(first);
  return { header: header(), sent };
});

test('nothing but the header changes', async () => {
  const { header, config } = aDistribution('old');
  await header().send('old again');
  const before = JSON.stringify(config());
  await header().send('new');
  expect(JSON.stringify(config())).toBe(before.replace('old again', 'new'));
});

describe('faults at both calls of CloudFront', () => {
  const effects: FaultSpec['effect'][] = ['throttle', 'error', 'timeout', 'drop'];

  describe.each(['GetDistributionConfig', 'UpdateDistribution'])('%s', (operation) => {
    test.each([...effects, 'deny'] as const)('%s for good: unavailable, and nothing changed', async (effect) => {
      const { header, sent } = aDistribution('old');
      faults.add({ operation, effect });
      await expect(header(effect === 'timeout' ? 60 : undefined).send('new')).rejects.toMatchObject({ name: 'UnavailableError', dependency: 'cloudfront' });
      expect(sent()).toBe('old');
    });

    test.each([...effects, 'commit-then-drop'] as const)('%s once: done', async (effect) => {
      const { header, sent } = aDistribution('old');
      faults.add({ operation, effect, times: 1 });
      expect(await header(effect === 'timeout' ? 400 : undefined).send('new')).toEqual(['old']);
      expect(sent()).toBe('new');
    });
  });

  test('somebody else was faster, three times', async () => {
    const { header, sent } = aDistribution('old');
    faults.add({ operation: 'UpdateDistribution', effect: 'conflict', times: 3 });
    expect(await header().send('new')).toEqual(['old']);
    expect(sent()).toBe('new');
  });
});
