/** What the log keeps of an error. */
export interface ErrorDescription {
  readonly name: string;
  readonly message?: string;
  /** Stable code of our own errors and of Node's. */
  readonly code?: string;
  /** The dependency that gave no answer. */
  readonly dependency?: string;
  /** Status and request id of an AWS service. */
  readonly status?: number;
  readonly aws_request_id?: string;
  readonly stack?: readonly string[];
  readonly cause?: ErrorDescription;
}

const FRAMES = 12;
const MESSAGE_LENGTH = 300;
const CAUSES = 4;

/**
 * Names, codes and stack frames tell where it broke. A message may quote what it choked on: V8's syntax errors always
 * do, so they lose it; the others are scrubbed of what looks like an address, a token or a hash (ASVS 16.2.5).
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const known = error as Error & { code?: unknown; dependency?: unknown; $metadata?: { httpStatusCode?: number; requestId?: string } };
  return {
    name: error.name,
    ...(error instanceof SyntaxError || error instanceof URIError ? {} : { message: scrub(error.message) }),
    ...(typeof known.code === 'string' ? { code: known.code } : {}),
    ...(typeof known.dependency === 'string' ? { dependency: known.dependency } : {}),
    ...(known.$metadata ? { status: known.$metadata.httpStatusCode, aws_request_id: known.$metadata.requestId } : {}),
    stack: framesOf(error),
    ...(error.cause === undefined || depth >= CAUSES ? {} : { cause: describeError(error.cause, depth + 1) }),
  };
}

/** The frames only: the head of a stack repeats the message. */
function framesOf(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)).slice(0, FRAMES).map((line) => line.trim());
}

export function scrub(message: string): string {
  return message
    .slice(0, MESSAGE_LENGTH)
    .replace(/[^\s"'<>,;:=()]+@[^\s"'<>,;:=()]+/g, '[address]')
    .replace(/\beyJ[\w-]+(?:\.[\w-]*)*/g, '[token]')
    .replace(/\b(?:rt1|dt[12])\.[\w.-]+/g, '[token]')
    .replace(/\$(?:argon2\w*|scrypt|2[aby])\$[^\s"']+/g, '[hash]');
}
