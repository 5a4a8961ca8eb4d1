import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

export const DISTRIBUTION = 'EDFDVBD632BHDS5';
const PATH = `/2020-05-31/distribution/${DISTRIBUTION}/config`;

export interface SeenRequest {
  readonly method: string;
  readonly authorization: string;
  readonly ifMatch: string | undefined;
  readonly contentType: string | undefined;
}

/** What the next request meets instead of an answer, or beside it. */
export type Fault = 'conflict' | 'throttle' | 'error' | 'silence' | 'drop' | 'commit-then-drop' | 'deny';

/** The two operations of CloudFront's API that a rotation needs, over a real socket: one configuration, its ETag, If-Match. */
export class FakeCloudFront {
  readonly seen: SeenRequest[] = [];
  /** Met by the writes to come, one each. */
  readonly faults: Fault[] = [];
  /** The same for reads. */
  readonly readFaults: Fault[] = [];
  private version = 1;
  private readonly server: Server;

  constructor(public xml: string) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get etag(): string {
    return `E${this.version}`;
  }

  writes(): number {
    return this.seen.filter(({ method }) => method === 'PUT').length;
  }

  /** Somebody else changes the distribution. */
  change(xml: string): void {
    this.xml = xml;
    this.version += 1;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { 'authorization': authorization = '', 'if-match': ifMatch, 'content-type': contentType } = request.headers;
    const method = request.method!;
    this.seen.push({ method, authorization, ifMatch, contentType });
    if (request.url !== PATH) return refuse(response, 404, 'NoSuchDistribution');
    const fault = (method === 'PUT' ? this.faults : this.readFaults).shift();
    if (fault === 'silence') return;
    if (fault === 'drop') return void request.socket.destroy();
    if (fault === 'throttle') return refuse(response, 400, 'Throttling');
    if (fault === 'error') return refuse(response, 500, 'InternalError');
    if (fault === 'deny') return refuse(response, 403, 'AccessDenied');
    if (fault === 'conflict') this.change(this.xml.replace(/<Comment>[^<]*/, (comment) => `${comment}, changed`));
    if (method === 'PUT') {
      if (ifMatch !== this.etag) return refuse(response, 412, 'PreconditionFailed');
      this.change(Buffer.concat(chunks).toString('utf8'));
      if (fault === 'commit-then-drop') return void request.socket.destroy();
    }
    response.writeHead(200, { 'etag': this.etag, 'content-type': 'text/xml' }).end(this.xml);
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0"?><ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error><Type>Sender</Type><Code>${code}</Code></Error></ErrorResponse>`;
  response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
}

const header = (name: string, value: string): string =>
  `<OriginCustomHeader><HeaderName>${name}</HeaderName><HeaderValue>${value}</HeaderValue></OriginCustomHeader>`;

const origin = (id: string, headers: readonly string[]): string => [
  `<Origin><Id>${id}</Id><DomainName>abc123.execute-api.eu-west-1.amazonaws.com</DomainName><OriginPath></OriginPath><CustomHeaders><Quantity>${headers.length}</Quantity>`,
  headers.length === 0 ? '' : `<Items>${headers.join('')}</Items>`,
  '</CustomHeaders><CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy></CustomOriginConfig></Origin>',
].join('');

/**
 * A configuration as GetDistributionConfig answers, with a comment that quotes an element, parts that nobody here knows, and these
 * headers for each of its origins.
 */
export function configuration(...origins: readonly (readonly (readonly [string, string])[])[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><CallerReference>c1</CallerReference><Aliases><Quantity>0</Quantity></Aliases>',
    '<DefaultRootObject></DefaultRootObject><Origins>',
    `<Quantity>${origins.length}</Quantity><Items>${origins.map((headers, n) => origin(`o${n}`, headers.map(([name, value]) => header(name, value)))).join('')}</Items></Origins>`,
    '<OriginGroups><Quantity>0</Quantity></OriginGroups>',
    '<Comment>R&amp;D: &lt;OriginCustomHeader&gt;&lt;HeaderName&gt;x-auth-origin-secret&lt;/HeaderName&gt;</Comment>',
    '<SomethingNew mode="later"><Inner/> $1 $&amp; </SomethingNew><HttpVersion>http2and3</HttpVersion><Staging>false</Staging></DistributionConfig>',
  ].join('');
}
