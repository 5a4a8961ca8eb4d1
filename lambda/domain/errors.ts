import { ErrorCodes, ErrorCode } from '../../src/contract/error-codes';

/** A refusal that the caller is told about: becomes problem+json with this code. Never carries a secret or an echo of the input. */
export class AuthError extends Error {
  readonly code: ErrorCode;
  /** Seconds for `Retry-After`. */
  readonly retryAfter?: number;
  /** Sentence for humans, fixed text only. */
  readonly detail?: string;
  /** JSON pointers and fixed messages, for `validation_failed`. */
  readonly errors?: readonly FieldError[];
  /** What the audit log says beyond the code, for example which check refused. Never sent to the caller. */
  readonly reason?: string;

  constructor(code: ErrorCode, options: AuthErrorOptions = {}) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AuthError';
    this.code = code;
    this.retryAfter = options.retryAfter;
    this.detail = options.detail;
    this.errors = options.errors;
    this.reason = options.reason;
  }

  get status(): number {
    return ErrorCodes[this.code].status;
  }
}

export interface AuthErrorOptions {
  readonly retryAfter?: number;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly reason?: string;
  readonly cause?: unknown;
}

export interface FieldError {
  /** RFC 6901 pointer into the body, for example `/email`. */
  readonly pointer: string;
  readonly message: string;
}

/** A dependency gave no answer that a decision could rest on. Always 503 with Retry-After, never 401. */
export class UnavailableError extends AuthError {
  /** The dependency, for logs and metrics: `users`, `signing-keys` ... */
  readonly dependency: string;

  constructor(dependency: string, cause?: unknown, retryAfter = 1) {
    super('unavailable', { retryAfter, cause, reason: dependency });
    this.name = 'UnavailableError';
    this.dependency = dependency;
  }
}
