import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { checkPattern } from '../policy/validation';
import { AuthServiceAttributes } from './imported-auth-service';

/** Name of each attribute's parameter below the prefix. */
const NAMES: Readonly<Record<keyof AuthServiceAttributes, string>> = {
  serviceName: 'service-name',
  apiUrl: 'api-url',
  issuerUrl: 'issuer-url',
  authorizerFunctionArn: 'authorizer-function-arn',
  adminFunctionArn: 'admin-function-arn',
};

/** Writes what identifies a service into Parameter Store. */
export function publishParameters(scope: Construct, prefix: string, attributes: Required<AuthServiceAttributes>): void {
  checkPrefix(prefix);
  for (const [attribute, name] of entries()) {
    new StringParameter(scope, name, {
      parameterName: `${prefix}/${name}`,
      stringValue: attributes[attribute],
      description: `${attribute} of the authentication service ${attributes.serviceName}`,
    });
  }
}

/** Reads it back when the consumer is deployed. */
export function readParameters(scope: Construct, prefix: string): Required<AuthServiceAttributes> {
  checkPrefix(prefix);
  return Object.fromEntries(entries().map(([attribute, name]) => [
    attribute, StringParameter.valueForStringParameter(scope, `${prefix}/${name}`),
  ])) as unknown as Required<AuthServiceAttributes>;
}

function entries(): [keyof AuthServiceAttributes, string][] {
  return Object.entries(NAMES) as [keyof AuthServiceAttributes, string][];
}

function checkPrefix(prefix: string): void {
  checkPattern('prefix', prefix, /^(?!\/(?:aws|ssm)(?:\/|$))(?:\/[A-Za-z0-9_.-]+){1,12}$/i,
    'a path such as /auth or /platform/auth', 'it starts with a slash, ends without one, and does not begin with /aws or /ssm');
}
