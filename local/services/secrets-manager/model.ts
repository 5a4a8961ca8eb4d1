/** One version of a secret. Without a value it is the empty version that a rotation begins with. */
export interface SecretVersion {
  readonly id: string;
  text?: string;
  /** base64 */
  binary?: string;
  stages: string[];
  readonly createdAt: number;
}

export interface RotationRules {
  readonly AutomaticallyAfterDays?: number;
  readonly Duration?: string;
  readonly ScheduleExpression?: string;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  description?: string;
  kmsKeyId?: string;
  tags: { readonly Key: string; readonly Value: string }[];
  policy?: string;
  versions: SecretVersion[];
  readonly createdAt: number;
  changedAt: number;
  deletedAt?: number;
  rotationEnabled: boolean;
  rotationFunction?: string;
  rotationRules?: RotationRules;
  rotatedAt?: number;
  /** Virtual epoch milliseconds. */
  nextRotationAt?: number;
}

export const CURRENT = 'AWSCURRENT';
export const PREVIOUS = 'AWSPREVIOUS';
export const PENDING = 'AWSPENDING';
