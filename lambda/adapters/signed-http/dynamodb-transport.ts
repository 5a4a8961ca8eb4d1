import { Agent as HttpAgent, request as httpRequest, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { sign } from 'aws4';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TransportOptions {
  readonly region: string;
  /** Absent: the endpoint of the Region. */
  readonly endpoint?: string;
  /** Asked for each request: nothing here keeps credentials that were replaced. */
  readonly credentials: () => AwsCredentials;
  /** Longest a request may take, connection included. */
  readonly timeoutMs?: number;
}

export interface TransportAnswer {
  readonly status: number;
  readonly body: string;
}

const DEFAULT_TIMEOUT_MS = 800;
/** An item and an error of DynamoDB fit many times; whatever is longer is neither. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** One signed request to DynamoDB (SigV4) over kept connections. No retries: that is the caller's. */
export class DynamoDbTransport {
  private readonly url: URL;
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(private readonly options: TransportOptions) {
    this.url = new URL(options.endpoint ?? `https://dynamodb.${options.region}.${suffixOf(options.region)}`);
    const settings = { keepAlive: true, maxSockets: 50 };
    this.agent = this.url.protocol === 'http:' ? new HttpAgent(settings) : new HttpsAgent(settings);
  }

  call(operation: string, input: object): Promise<TransportAnswer> {
    const body = JSON.stringify(input);
    const { region, credentials, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    const signed = sign({
      service: 'dynamodb',
      region,
      host: this.url.host,
      method: 'POST',
      path: this.url.pathname,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
      body,
    }, credentials());
    return this.send({ hostname: this.url.hostname, port: this.url.port, method: 'POST', path: this.url.pathname, headers: signed.headers as RequestOptions['headers'] }, body, timeoutMs);
  }

  /** Closes the kept connections. */
  close(): void {
    this.agent.destroy();
  }

  private send(options: RequestOptions, body: string, timeoutMs: number): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      const request = (this.url.protocol === 'http:' ? httpRequest : httpsRequest)({ ...options, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > MAX_ANSWER_BYTES) request.destroy(new Error('dynamodb: the answer is too long'));
          chunks.push(chunk);
        });
        response.on('end', () => {
          clearTimeout(deadline);
          if (response.complete) resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
          else reject(new Error('dynamodb: the answer was cut off'));
        });
        response.on('error', fail);
      });
      // A deadline for the whole exchange; a socket's idle time-out would start again with each byte.
      const deadline = setTimeout(() => request.destroy(new Error('dynamodb: timed out')), timeoutMs);
      const fail = (error: Error): void => {
        clearTimeout(deadline);
        reject(error);
      };
      request.on('error', fail);
      request.end(body);
    });
  }
}

/** Domain of the partition. */
function suffixOf(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  if (region.startsWith('eusc-')) return 'amazonaws.eu';
  return 'amazonaws.com';
}
