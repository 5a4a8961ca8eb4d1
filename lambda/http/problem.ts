import { ErrorCodes } from '../../src/contract/error-codes';
import type { RouteAccess } from '../../src/contract/routes';
import { AuthError, FieldError } from '../domain/errors';
import { statusOf } from './status';
import { HttpResponse } from './types';

/** RFC 9457. `code` says which problem it is, so `type` has nothing to add. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What the route asks for and what the request brought: it decides what 401 is said of. */
export interface Presented {
  readonly access: RouteAccess;
  /** Whether a refusal is one of the bearer token that the request brought. */
  readonly bearer: boolean;
}

/** An answer out of an error that the caller may know of. Anything else has to become `internal_error` before. */
export function problemResponse(error: AuthError, requestId: string, { access, bearer }: Presented): HttpResponse {
  const { title } = ErrorCodes[error.code];
  const status = statusOf(error.code, access);
  const problem: Problem = {
    type: 'about:blank',
    title,
    status,
    code: error.code,
    requestId,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
  return {
    status,
    headers: {
      'content-type': PROBLEM_MEDIA_TYPE,
      ...(error.retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(error.retryAfter))) }),
      // RFC 9110 section 15.5.2 asks for a challenge with every 401; this one makes no browser open a dialogue. Of a request without a
      // token it says no more (RFC 6750 section 3.1).
      ...(status === 401 ? { 'www-authenticate': bearer ? 'Bearer error="invalid_token"' : 'Bearer' } : {}),
    },
    body: problem,
  };
}
