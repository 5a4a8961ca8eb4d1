import { GatewayRequest, HeaderList, headerValue, identifiers } from '../message';
import { Forwarding, Origin } from './definition';

/** One of CloudFront's own addresses: what the origin sees as its peer. */
export const EDGE_ADDRESS = '130.176.0.1';

/** Of one connection, or CloudFront's to set: the viewer's never reach an origin. */
const NEVER = /^(connection|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|x-amz-cf-.*|x-edge-.*|x-forwarded-for|x-forwarded-proto|x-real-ip)$/;

/** The viewer's request as CloudFront sends it on. */
export function originRequest(viewer: GatewayRequest, origin: Origin, forwarding: Forwarding): GatewayRequest {
  const custom = origin.customHeaders.map(([name]) => name.toLowerCase());
  const kept = viewer.headers.flatMap(([name, value]): HeaderList => {
    const lower = name.toLowerCase();
    if (NEVER.test(lower) || lower === 'via' || custom.includes(lower)) return [];
    if (lower === 'cookie') return cookies(value, forwarding).map((jar) => [name, jar]);
    return forwarding.header(lower) ? [[name, value]] : [];
  });
  const forwarded = [...viewer.headers.filter(([name]) => name.toLowerCase() === 'x-forwarded-for').map(([, value]) => value), viewer.sourceIp];
  const via = [...viewer.headers.filter(([name]) => name.toLowerCase() === 'via').map(([, value]) => value), VIA];
  const headers: HeaderList = [
    ['Host', origin.domainName],
    ...kept,
    ...(headerValue(kept, 'user-agent') === undefined ? [['User-Agent', 'Amazon CloudFront'] as [string, string]] : []),
    ['X-Forwarded-For', forwarded.join(', ')],
    ['Via', via.join(', ')],
    ['X-Amz-Cf-Id', viewer.extendedRequestId],
    ...origin.customHeaders,
  ];
  return {
    ...viewer,
    path: `${origin.path}${viewer.path}`,
    queryString: viewer.queryString.split('&').filter((part) => part !== '' && forwarding.query(part.split('=')[0]!)).join('&'),
    headers,
    sourceIp: EDGE_ADDRESS,
    protocol: 'HTTP/1.1',
    ...identifiers(headers, viewer.time),
  };
}

export const VIA = '1.1 local.cloudfront.net (CloudFront)';

function cookies(value: string, forwarding: Forwarding): string[] {
  const kept = value.split(/;\s*/).filter((part) => part !== '' && forwarding.cookie(part.split('=')[0]!));
  return kept.length === 0 ? [] : [kept.join('; ')];
}
