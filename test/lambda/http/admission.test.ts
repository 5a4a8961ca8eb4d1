import { admittedByCloudFront, admittedByGateway } from '../../../lambda/http/admission';
import { toRequest } from '../../../lambda/http/request';
import type { Given } from './events';
import { httpApiEvent, restEvent } from './events';

const SECRET = 'aB3d'.repeat(16);
const VIEWER = '198.51.100.4';
/** Whom API Gateway sees: CloudFront. */
const PEER = '203.0.113.7';

type Event = typeof restEvent | typeof httpApiEvent;
type Headers = NonNullable<Given['headers']>;

function start() {
  const asked: string[] = [];
  const admit = admittedByCloudFront({
    accepts: async (value) => {
      asked.push(value);
      return value === SECRET;
    },
  });
  return { asked, admit: (headers: Headers, event: Event = httpApiEvent) => admit(toRequest(event({ headers, sourceIp: PEER }))) };
}

const through = (headers: Headers = {}): Headers => ({ 'x-auth-origin-secret': SECRET, 'x-auth-viewer-address': VIEWER, ...headers });

describe('CloudFront is the front', () => {
  test.each([VIEWER, '2001:db8::17', '::ffff:198.51.100.4'])('AA-07 T27 the viewer %s is the source, beside the right secret', async (address) => {
    for (const event of [httpApiEvent, restEvent]) {
      expect(await start().admit(through({ 'x-auth-viewer-address': address }), event)).toMatchObject({ sourceIp: address });
    }
  });

  test.each<[string, Headers, string]>([
    ['none', { 'x-auth-viewer-address': VIEWER }, 'secret_missing'],
    ['an empty one', through({ 'x-auth-origin-secret': '' }), 'secret_malformed'],
    ['a short one', through({ 'x-auth-origin-secret': SECRET.slice(1) }), 'secret_malformed'],
    ['two headers, both right', through({ 'x-auth-origin-secret': [SECRET, SECRET] }), 'secret_malformed'],
    ['two spellings, both right', through({ 'X-Auth-Origin-Secret': SECRET }), 'secret_malformed'],
    ['a list', through({ 'x-auth-origin-secret': `${SECRET},x` }), 'secret_malformed'],
    ['a right one and more', through({ 'x-auth-origin-secret': `${SECRET} ` }), 'secret_malformed'],
    ['another one', through({ 'x-auth-origin-secret': 'aB3e'.repeat(16) }), 'secret_unknown'],
  ])('T27 the secret is %s: refused, the address not looked at', async (_, headers, reason) => {
    for (const event of [httpApiEvent, restEvent]) {
      const { admit, asked } = start();
      await expect(admit(headers, event)).rejects.toMatchObject({ code: 'origin_required', status: 403, reason });
      expect(asked).toHaveLength(reason === 'secret_unknown' ? 1 : 0);
    }
  });

  test.each<[string, Headers]>([
    ['none', { 'x-auth-origin-secret': SECRET }],
    ['empty', through({ 'x-auth-viewer-address': '' })],
    ['with a port', through({ 'x-auth-viewer-address': '198.51.100.4:443' })],
    ['with a zone', through({ 'x-auth-viewer-address': 'fe80::1%eth0' })],
    ['a list', through({ 'x-auth-viewer-address': [VIEWER, '192.0.2.1'] })],
    ['no address', through({ 'x-auth-viewer-address': 'localhost' })],
  ])('a right secret beside an address that is %s is our own misconfiguration, not the caller\'s fault', async (_, headers) => {
    await expect(start().admit(headers)).rejects.toMatchObject({ name: 'UnavailableError', status: 503, dependency: 'viewer-address' });
  });
});

test('AA-07 T27 without CloudFront its headers change nothing', async () => {
  for (const event of [restEvent, httpApiEvent]) {
    expect(await admittedByGateway(toRequest(event({ headers: through(), sourceIp: PEER })))).toMatchObject({ sourceIp: PEER });
  }
});
