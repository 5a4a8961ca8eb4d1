import { ORIGIN_SECRET_HEADER } from '../../../src/contract/limits';
import { UnavailableError } from '../../domain/errors';
import { OriginHeader } from '../../ports/origin';
import { SignedTransport, TransportAnswer } from '../signed-http';
import { ReplacedHeader, replaceCustomHeader } from './custom-header-xml';

const DEPENDENCY = 'cloudfront';
/** Each reads the configuration and writes it back: more than enough against others who change the distribution, within a step's time. */
const MAX_ROUNDS = 4;
const FIRST_PAUSE_MS = 500;
const READ_TIMEOUT_MS = 3000;
const WRITE_TIMEOUT_MS = 8000;

interface Configuration {
  readonly xml: string;
  readonly etag: string;
}

/** `OriginHeader` over CloudFront's REST API. No value of the header is ever part of an error. */
export class CloudFrontOriginHeader implements OriginHeader {
  private readonly path: string;

  constructor(
    private readonly transport: Pick<SignedTransport, 'send'>,
    private readonly distributionId: string,
    private readonly pause: (milliseconds: number) => Promise<void> = sleep,
  ) {
    this.path = `/2020-05-31/distribution/${encodeURIComponent(distributionId)}/config`;
  }

  async values(): Promise<readonly string[]> {
    return this.inRounds(async () => this.replaced(await this.read(), '').before);
  }

  async send(value: string): Promise<readonly string[]> {
    let first: readonly string[] | undefined;
    return this.inRounds(async () => {
      const configuration = await this.read();
      const { xml, before } = this.replaced(configuration, value);
      // A write whose response was lost shows as done in the next round.
      first ??= before;
      if (before.some((one) => one !== value)) await this.write({ ...configuration, xml });
      return first;
    });
  }

  private replaced({ xml }: Configuration, value: string): ReplacedHeader {
    const replaced = replaceCustomHeader(xml, ORIGIN_SECRET_HEADER, value);
    if (replaced.before.length > 0) return replaced;
    throw new Misconfigured(`cloudfront: no origin of distribution ${this.distributionId} is sent the header ${ORIGIN_SECRET_HEADER}: deploy the stack again`);
  }

  private async read(): Promise<Configuration> {
    const { headers: { etag }, body } = this.accepted(await this.transport.send({ method: 'GET', path: this.path, headers: {}, timeoutMs: READ_TIMEOUT_MS }));
    if (etag === undefined) throw new Error('cloudfront: the configuration has no ETag');
    return { xml: body, etag };
  }

  private async write({ xml, etag }: Configuration): Promise<void> {
    const headers = { 'content-type': 'application/xml', 'if-match': etag };
    this.accepted(await this.transport.send({ method: 'PUT', path: this.path, headers, body: xml, timeoutMs: WRITE_TIMEOUT_MS }));
  }

  private accepted(answer: TransportAnswer): TransportAnswer {
    const { status, body } = answer;
    if (status === 200) return answer;
    const code = /<Code>(\w{1,80})<\/Code>/.exec(body)?.[1] ?? '';
    const message = `cloudfront: status ${status} ${code}`;
    throw status === 412 || status === 429 || status >= 500 || PASSING.has(code) ? new Error(message) : new Refused(message);
  }

  /** Again from the start after whatever may be gone by then: no answer, throttling, a distribution that changed in between. */
  private async inRounds<T>(work: () => Promise<T>): Promise<T> {
    for (let round = 1; ; round += 1) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Misconfigured) throw error;
        if (error instanceof Refused || round === MAX_ROUNDS) throw new UnavailableError(DEPENDENCY, error);
        await this.pause(FIRST_PAUSE_MS * round);
      }
    }
  }
}

/** The first says that somebody else was faster, the others pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(['InvalidIfMatchVersion', 'Throttling', 'ThrottlingException', 'TooManyRequestsException']);

class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
}

/** Denied access, no such distribution: no other round changes that. */
class Refused extends Error {
  override readonly name = 'Refused';
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
