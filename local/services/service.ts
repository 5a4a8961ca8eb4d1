import { AwsError } from './errors';
import { Principal } from './types';

export type Input = Record<string, unknown>;

/** What a call needs in the eyes of IAM. All of a call's permissions must be granted. */
export interface Permission {
  /** For example `dynamodb:GetItem`. */
  readonly action: string;
  readonly resource: string;
  /** Values of condition keys, for example `dynamodb:LeadingKeys`. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface ServiceAnswer {
  readonly output: unknown;
  readonly readUnits?: number;
  readonly writeUnits?: number;
}

/** One AWS service behind the endpoint. */
export interface AwsService {
  /** For example `dynamodb`. */
  readonly name: string;
  /** How the SDK spells it in AWS_ENDPOINT_URL_<NAME>. */
  readonly endpointName: string;
  /** Refuses with `AwsError`; anything else it throws is a defect and becomes a 500. */
  call(operation: string, input: Input, caller: Principal | undefined): Promise<ServiceAnswer> | ServiceAnswer;
  /** Table, secret, queue or key that the call names: what faults match and the recorder shows. */
  resourceOf(operation: string, input: Input): string | undefined;
  permissionsOf(operation: string, input: Input): readonly Permission[];
  /** The error with which the service throttles. */
  throttled(): AwsError;
  /** The error of a call that collides with another one. */
  conflict(operation: string, input: Input): AwsError;
}
