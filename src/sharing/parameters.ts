import { createHash } from 'crypto';
import { Token } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { checkPattern, refuse } from '../policy/validation';
import { AuthServiceAttributes } from './imported-auth-service';

/** Name of each attribute's parameter below the prefix. */
const NAMES: Readonly<Record<keyof AuthServiceAttributes, string>> = {
  serviceName: 'service-name',
  apiUrl: 'api-url',
  issuerUrl: 'issuer-url',
  audience: 'audience',
  authorizerFunctionArn: 'authorizer-function-arn',
  adminFunctionArn: 'admin-function-arn',
};

/** The parameters below one prefix. */
class PublishedParameters extends Construct {
  public readonly prefix: string;

  constructor(scope: Construct, id: string, prefix: string) {
    super(scope, id);
    this.prefix = prefix;
  }
}

/** `/a/b` and `/a-b` read alike as an id. Whoever comes second gets a hash of the prefix to it, and the first keeps the logical ids that are deployed. */
function freeId(service: Construct, prefix: string): string {
  const published = service.node.children.filter((child): child is PublishedParameters => child instanceof PublishedParameters);
  if (published.some((other) => other.prefix === prefix)) {
    refuse('prefix', `${JSON.stringify(prefix)} a second time`, 'one that is not published yet');
  }
  const id = `Parameters${prefix.replaceAll('/', '-')}`;
  return published.some(({ node }) => node.id === id) ? `${id}-${createHash('sha256').update(prefix).digest('hex').slice(0, 8)}` : id;
}

/** Writes what identifies a service into Parameter Store. */
export function publishParameters(service: Construct, prefix: string, attributes: Required<AuthServiceAttributes>): void {
  checkPrefix(prefix);
  const scope = new PublishedParameters(service, freeId(service, prefix), prefix);
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
  if (Token.isUnresolved(prefix)) {
    refuse('prefix', 'a value known only at deployment', 'a literal path', 'the parameters are named by it at synthesis');
  }
  checkPattern('prefix', prefix, /^(?!\/(?:aws|ssm)(?:\/|$))(?:\/[A-Za-z0-9_.-]+){1,12}$/i,
    'a path such as /auth or /platform/auth', 'it starts with a slash, ends without one, and does not begin with /aws or /ssm');
}
