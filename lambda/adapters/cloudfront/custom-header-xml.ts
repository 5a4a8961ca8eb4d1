/** A distribution's configuration with another value of one custom header, and the values that stood there. */
export interface ReplacedHeader {
  readonly xml: string;
  readonly before: readonly string[];
}

/**
 * Replaces the value of a header that origins are sent, wherever it stands in the XML of a DistributionConfig, and leaves every other
 * byte as it came: what is sent back is the whole configuration, also the parts that this service has never heard of.
 */
export function replaceCustomHeader(xml: string, name: string, value: string): ReplacedHeader {
  // A comment or a CDATA section could hold what only looks like an element. CloudFront writes neither.
  if (xml.includes('<!')) throw new Error('cloudfront: the configuration is written in a form that is not expected here');
  const before: string[] = [];
  const replaced = xml.replace(/<OriginCustomHeader>.*?<\/OriginCustomHeader>/gs, (element) => {
    const found = /<HeaderName>([^<]*)<\/HeaderName>/.exec(element)?.[1];
    if (found === undefined || unescaped(found).trim().toLowerCase() !== name.toLowerCase()) return element;
    // By functions, since a text would be searched for `$1` and the like.
    return element.replace(/(?<=<HeaderValue>)[^<]*(?=<\/HeaderValue>)/, (old) => {
      before.push(unescaped(old));
      return escaped(value);
    });
  });
  return { xml: replaced, before };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&${Object.entries(ENTITIES).find(([, one]) => one === character)?.[0]};`);
}

function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (reference: string, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? reference;
    const codePoint = hex === undefined ? Number(decimal) : parseInt(hex, 16);
    return codePoint > 0x10ffff ? reference : String.fromCodePoint(codePoint);
  });
}
