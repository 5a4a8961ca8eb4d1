import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { UnavailableError } from '../../domain/errors';

/**
 * What a call that gave no answer means. Throttling, time-outs, lost connections, denied access, a missing table: the dependency is out of
 * reach, and the next try may find it. A request that DynamoDB calls invalid, or that could not be written at all, fails the same way at
 * each try: a fault of ours, which has to show as one and must not send clients round in circles (RS-06).
 */
export function failureOf(dependency: string, error: unknown): unknown {
  if (error instanceof UnavailableError) return error;
  return neverLeft(error) || isRefusedAsInvalid(error) ? error : new UnavailableError(dependency, error);
}

/** The SDK notes its tries on every error that it meets once the request is written: marshalling comes before. */
function neverLeft(error: unknown): boolean {
  return error instanceof Error && !('$metadata' in error);
}

function isRefusedAsInvalid(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) return (error.CancellationReasons ?? []).some(({ Code: code }) => code === 'ValidationError');
  return error instanceof Error && error.name === 'ValidationException';
}
