import { Aws } from 'aws-cdk-lib';

/**
 * A condition for `StringLike`: the key is used by one of these services, in this Region, for whoever calls it. KMS names them with a suffix
 * that differs by partition, and in China not always by that of the URLs.
 */
export function viaServices(...services: string[]): Record<string, string[]> {
  return { 'kms:ViaService': services.map((service) => `${service}.${Aws.REGION}.*`) };
}
