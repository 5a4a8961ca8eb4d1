/** An error answer in the shape of the AWS JSON protocols: `__type`, a message, sometimes members of its own. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    /** For example `ResourceNotFoundException`. */
    readonly code: string,
    message: string,
    readonly status = 400,
    /** Further members of the error, for example `Item` or `CancellationReasons`. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export const validationError = (message: string): AwsError => new AwsError('ValidationException', message);

export const accessDenied = (message: string): AwsError => new AwsError('AccessDeniedException', message);

/** A service that the instance does not have: names itself, so that nobody takes it for a fault of the caller. */
export const notImplemented = (service: string, operation: string): AwsError =>
  new AwsError('UnknownOperationException', unavailable(service, operation), 501);

/** An operation that a service does not have, here or at all: what AWS answers to the latter. */
export const unknownOperation = (service: string, operation: string): AwsError => new AwsError('UnknownOperationException', unavailable(service, operation));

const unavailable = (service: string, operation: string): string => `${service} ${operation} is not available in the local instance`;
