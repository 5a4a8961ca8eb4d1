import { AddedHeader, ResponseHeaders } from '../gateway/cloudfront/response-headers';
import { stableUuid } from '../template/names';
import { isRecord } from '../template/types';
import { flagOf, listOf, mapOf, ProviderInput, Providers, textOf } from './provider';

type Properties = Record<string, unknown>;

/** Security headers by their name in the policy; each makes its value out of its own part. */
const SECURITY: Readonly<Record<string, readonly [header: string, value: (part: Properties) => string]>> = {
  StrictTransportSecurity: ['Strict-Transport-Security', (part) => [
    `max-age=${textOf(part, 'AccessControlMaxAgeSec') ?? '0'}`,
    ...(flagOf(part, 'IncludeSubdomains') ? ['includeSubDomains'] : []),
    ...(flagOf(part, 'Preload') ? ['preload'] : []),
  ].join('; ')],
  ContentTypeOptions: ['X-Content-Type-Options', () => 'nosniff'],
  ContentSecurityPolicy: ['Content-Security-Policy', (part) => textOf(part, 'ContentSecurityPolicy') ?? ''],
  ReferrerPolicy: ['Referrer-Policy', (part) => textOf(part, 'ReferrerPolicy') ?? ''],
  FrameOptions: ['X-Frame-Options', (part) => textOf(part, 'FrameOption') ?? ''],
  XSSProtection: ['X-XSS-Protection', (part) => (flagOf(part, 'Protection') ? `1${flagOf(part, 'ModeBlock') ? '; mode=block' : ''}` : '0')],
};

function responseHeadersOf(config: Properties): ResponseHeaders {
  const security = Object.entries(mapOf(config, 'SecurityHeadersConfig')).flatMap(([part, settings]): AddedHeader[] => {
    const known = SECURITY[part];
    return known && isRecord(settings) ? [{ name: known[0], value: known[1](settings), override: flagOf(settings, 'Override') }] : [];
  });
  const items = (part: string) => listOf(mapOf(config, part), 'Items').filter(isRecord);
  const custom = items('CustomHeadersConfig').map((item) => ({ name: String(item.Header), value: String(item.Value), override: flagOf(item, 'Override') }));
  return { removed: items('RemoveHeadersConfig').map(({ Header: name }) => String(name)), added: [...security, ...custom] };
}

function create({ resource, world }: ProviderInput) {
  const id = stableUuid(resource.key);
  const config = mapOf(resource.properties, 'ResponseHeadersPolicyConfig');
  world.apis.cloudFront.responseHeaders.set(id, responseHeadersOf(config));
  const partly = [['CorsConfig', 'CORS'], ['ServerTimingHeadersConfig', 'Server-Timing']] as const;
  return {
    ref: id, attributes: { Id: id, LastModifiedTime: '' },
    notEvaluated: partly.filter(([name]) => config[name] !== undefined).map(([, label]) => label),
  };
}

export const responseHeadersProviders: Providers = { 'AWS::CloudFront::ResponseHeadersPolicy': create };
