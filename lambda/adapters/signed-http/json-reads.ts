import { requestDeadline } from '../deadline';
import { SignedTransport } from './transport';

/** How a service wants to be asked in AWS's JSON protocol. */
export interface JsonProtocol {
  /** What stands before the operation in `X-Amz-Target`. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

export type Pause = (milliseconds: number) => Promise<void>;

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 25;

/** Client errors that pass by themselves; every other 4xx is the same at the next try. */
const PASSING = /(?:ProvisionedThroughputExceeded|Throttling|RequestLimitExceeded|TransactionInProgress|LimitExceeded|InternalServerError)/;

/** Operations that change nothing, in AWS's JSON protocol: whatever gave no answer is asked again, three times in all. */
export class JsonReads {
  constructor(
    private readonly transport: Pick<SignedTransport, 'send'>,
    private readonly protocol: JsonProtocol,
    private readonly pause: Pause = sleep,
  ) {}

  /** Rejects with a `Refusal` for what no other try would change. */
  async read(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(operation, input);
      } catch (error) {
        if (error instanceof Refusal || attempt === MAX_ATTEMPTS || requestDeadline.isOver) throw error;
        await this.pause(FIRST_PAUSE_MS * attempt);
      }
    }
  }

  private async attempt(operation: string, input: object): Promise<Readonly<Record<string, unknown>>> {
    const { target, version } = this.protocol;
    const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${target}.${operation}` };
    const { status, body } = await this.transport.send({ method: 'POST', path: '/', headers, body: JSON.stringify(input) });
    if (status === 200) return objectOf(operation, body);
    const type = /"__type"\s*:\s*"(?:[^"]*#)?(\w{1,80})"/.exec(body)?.[1] ?? '';
    const error = `${operation}: status ${status} ${type}`;
    throw status >= 500 || status === 429 || PASSING.test(type) ? new Error(error) : new Refusal(error, type);
  }
}

/** No second try changes it: denied access, a missing table. Still no answer to what was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  /** @param type name of the error: `ResourceNotFoundException` */
  constructor(message: string, readonly type: string) {
    super(message);
  }
}

/** Anything else says nothing. The text of a parser's error may quote what it read, a secret for example: it goes no further. */
function objectOf(operation: string, body: string): Readonly<Record<string, unknown>> {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    answer = undefined;
  }
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw new Error(`${operation}: the answer is no object`);
  return answer as Readonly<Record<string, unknown>>;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
