import { AwsError } from './errors';

/** A refusal that costs, as a failed condition does; the recorder reads the units from here. */
export class ChargedError extends AwsError {
  constructor(cause: AwsError, readonly units: { readonly readUnits?: number; readonly writeUnits?: number }) {
    super(cause.code, cause.message, cause.status, cause.members);
  }
}
