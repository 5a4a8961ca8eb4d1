/** Where the instance pretends to run. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
}

export const arnIn = ({ partition, region, accountId }: Account, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

/** CloudFormation takes booleans as text too. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true';

export const epochSeconds = (milliseconds: number): number => milliseconds / 1000;
