import { Agent as HttpAgent, IncomingHttpHeaders, request as httpRequest, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import { requestDeadline } from '../deadline';
import { Sha256 } from './sha256';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TransportOptions {
  /** As its endpoint and its signatures name it: `dynamodb`. */
  readonly service: string;
  readonly region: string;
  /** Absent: the endpoint of the Region. */
  readonly endpoint?: string;
  /** Asked for each request: nothing here keeps credentials that were replaced. */
  readonly credentials: () => AwsCredentials;
  /** Longest a request may take, connection included. */
  readonly timeoutMs?: number;
}

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the path of the endpoint; starts with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Instead of the transport's. */
  readonly timeoutMs?: number;
}

export interface TransportAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const DEFAULT_TIMEOUT_MS = 800;
/** Whatever is read here fits many times; what is longer is something else. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/** Single signed requests (SigV4) to one service over kept connections, none beyond the time of the request at hand. No retries: those are the caller's. */
export class SignedTransport {
  private readonly url: URL;
  private readonly agent: HttpAgent | HttpsAgent;
  private readonly signer: SignatureV4;

  constructor(private readonly options: TransportOptions) {
    const { service, region, credentials } = options;
    this.url = new URL(options.endpoint ?? `https://${service}.${region}.${suffixOf(region)}`);
    const settings = { keepAlive: true, maxSockets: 50 };
    this.agent = this.url.protocol === 'http:' ? new HttpAgent(settings) : new HttpsAgent(settings);
    this.signer = new SignatureV4({ service, region, credentials: async () => credentials(), sha256: Sha256 });
  }

  async send({ method, path, headers, body, timeoutMs = this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS }: TransportRequest): Promise<TransportAnswer> {
    const { host, hostname, port, protocol } = this.url;
    const whole = `${this.url.pathname.replace(/\/$/, '')}${path}`;
    const signed = await this.signer.sign({ method, protocol, hostname, path: whole, query: {}, headers: { ...headers, host }, body });
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    return this.exchange({ signal: requestDeadline.signal, hostname, port, method, path: whole, headers: { ...signed.headers, ...length } }, body, timeoutMs);
  }

  /** Closes the kept connections. */
  close(): void {
    this.agent.destroy();
  }

  private exchange(options: RequestOptions, body: string | undefined, timeoutMs: number): Promise<TransportAnswer> {
    const { service } = this.options;
    return new Promise((resolve, reject) => {
      const request = (this.url.protocol === 'http:' ? httpRequest : httpsRequest)({ ...options, agent: this.agent }, (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > MAX_ANSWER_BYTES) request.destroy(new Error(`${service}: the answer is too long`));
          chunks.push(chunk);
        });
        response.on('end', () => {
          clearTimeout(deadline);
          if (response.complete) resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') });
          else reject(new Error(`${service}: the answer was cut off`));
        });
        response.on('error', fail);
      });
      // A deadline for the whole exchange; a socket's idle time-out would start again with each byte.
      const deadline = setTimeout(() => request.destroy(new Error(`${service}: timed out`)), timeoutMs);
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
