import { AwsError } from '../errors';
import { escapeXml } from '../http';

type Config = Readonly<Record<string, unknown>>;

export const CLOUDFRONT_NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

/** Names that CloudFormation spells otherwise than the API: CloudFormation's, the API's. */
const RENAMED: readonly (readonly [string, string])[] = [
  ['IPV6Enabled', 'IsIPV6Enabled'],
  ['OriginCustomHeaders', 'CustomHeaders'],
  ['OriginSSLProtocols', 'OriginSslProtocols'],
  ['AcmCertificateArn', 'ACMCertificateArn'],
  ['IamCertificateId', 'IAMCertificateId'],
  ['SslSupportMethod', 'SSLSupportMethod'],
];
const TO_API = new Map(RENAMED);
const FROM_API = new Map(RENAMED.map(([template, api]) => [api, template]));

/** The API's lists: `<Name><Quantity/><Items><Item/>...</Items></Name>`. */
const ITEMS: Readonly<Record<string, string>> = {
  Aliases: 'CNAME', Origins: 'Origin', OriginGroups: 'OriginGroup', CustomHeaders: 'OriginCustomHeader', OriginSslProtocols: 'SslProtocol',
  CacheBehaviors: 'CacheBehavior', AllowedMethods: 'Method', CachedMethods: 'Method', FunctionAssociations: 'FunctionAssociation',
  LambdaFunctionAssociations: 'LambdaFunctionAssociation', CustomErrorResponses: 'CustomErrorResponse', TrustedKeyGroups: 'KeyGroup',
};

/** The configuration as GetDistributionConfig answers it. */
export function configToXml(config: Config, callerReference: string): string {
  const behavior = (properties: unknown): Config => ({ FunctionAssociations: [], LambdaFunctionAssociations: [], ...(properties as Config) });
  const origin = (properties: unknown): Config => ({ OriginPath: '', OriginCustomHeaders: [], ...(properties as Config) });
  const list = (name: string): unknown[] => (config[name] as unknown[] | undefined) ?? [];
  const whole = {
    CallerReference: callerReference, Aliases: [], DefaultRootObject: '', CustomErrorResponses: [], Comment: '', WebACLId: '',
    ...config,
    Origins: list('Origins').map(origin),
    DefaultCacheBehavior: behavior(config.DefaultCacheBehavior),
    CacheBehaviors: list('CacheBehaviors').map(behavior),
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DistributionConfig xmlns="${CLOUDFRONT_NAMESPACE}">${members(whole)}</DistributionConfig>`;
}

function members(config: Config): string {
  return Object.entries(config).map(([name, value]) => element(TO_API.get(name) ?? name, value, config)).join('');
}

function element(name: string, value: unknown, parent: Config): string {
  // The API keeps the cached methods within the allowed ones.
  if (name === 'CachedMethods' && parent.AllowedMethods !== undefined) return '';
  if (Array.isArray(value)) {
    const items = value.map((item) => element(ITEMS[name] ?? 'Name', item, {})).join('');
    const cached = name === 'AllowedMethods' && parent.CachedMethods !== undefined ? element('CachedMethods', parent.CachedMethods, {}) : '';
    return `<${name}><Quantity>${value.length}</Quantity>${items === '' ? '' : `<Items>${items}</Items>`}${cached}</${name}>`;
  }
  if (typeof value === 'object' && value !== null) return `<${name}>${members(value as Config)}</${name}>`;
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

interface Node {
  readonly name: string;
  readonly children: Node[];
  text: string;
}

/** The configuration of an UpdateDistribution, as CloudFormation would spell it. */
export function configFromXml(xml: string): Record<string, unknown> {
  const root = parse(xml);
  const config = root.name === 'DistributionConfig' ? valueOf(root) : undefined;
  if (typeof config !== 'object' || config === null || !Array.isArray((config as Config).Origins)) throw malformed();
  return config as Record<string, unknown>;
}

function valueOf({ children, text }: Node): unknown {
  if (children.length === 0) return text;
  if (children.some(({ name }) => name === 'Quantity')) return (children.find(({ name }) => name === 'Items')?.children ?? []).map(valueOf);
  return Object.fromEntries(children.map((child) => [FROM_API.get(child.name) ?? child.name, valueOf(child)]));
}

/** XML as the API speaks it: elements and text, no attribute that means anything. */
function parse(xml: string): Node {
  const top: Node = { name: '', children: [], text: '' };
  const open = [top];
  for (const [token, closing, name, empty] of xml.replace(/^\s*<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([A-Za-z0-9]+)[^>]*?(\/?)>|[^<]+/g)) {
    const current = open.at(-1)!;
    if (name === undefined) current.text += unescapeXml(token);
    else if (closing === '/') {
      if (open.pop()!.name !== name || open.length === 0) throw malformed();
    } else {
      const node: Node = { name, children: [], text: '' };
      current.children.push(node);
      if (empty !== '/') open.push(node);
    }
  }
  const [root, ...more] = top.children;
  if (open.length !== 1 || !root || more.length > 0) throw malformed();
  return root;
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: '\'' };

const unescapeXml = (text: string): string => text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
  if (name !== undefined) return NAMED[name] ?? whole;
  return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
});

const malformed = (): AwsError => new AwsError('MalformedXML', 'The XML document is malformed.');
