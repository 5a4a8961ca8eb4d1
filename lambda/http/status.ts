import type { ErrorCode } from '../../src/contract/error-codes';
import { ErrorCodes } from '../../src/contract/error-codes';
import type { RouteAccess } from '../../src/contract/routes';

/** Status of a code in an answer of a route. */
export function statusOf(code: ErrorCode, access: RouteAccess): number {
  const known: { readonly status: number; readonly besideBearer?: number } = ErrorCodes[code];
  return access === 'bearer' ? known.besideBearer ?? known.status : known.status;
}
