import { createHash } from 'crypto';
import { Stack, Stage, Token } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct, IConstruct } from 'constructs';
import { claimName } from '../policy/unique-names';
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

/** Where a service is read from the parameters below one prefix. */
class ReadParameters extends Construct {
  constructor(scope: Construct, id: string, public readonly prefix: string) {
    super(scope, id);
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
  const id = freeId(service, prefix);
  claimName(service, { property: 'prefix', name: prefix, remedy: 'each service is published under its own' });
  const published = new PublishedParameters(service, id, prefix);
  for (const [attribute, name] of entries()) {
    new StringParameter(published, name, {
      parameterName: `${prefix}/${name}`,
      stringValue: attributes[attribute],
      description: `${attribute} of the authentication service ${attributes.serviceName}`,
    });
  }
  all(service, ReadParameters).forEach((reader) => order(reader, published));
}

/**
 * Reads it back when the consumer is deployed: each attribute when it is asked for, since a parameter of a template that nothing refers to is found
 * fault with, and would be one more thing that has to be there.
 */
export function readParameters(service: Construct, prefix: string): Required<AuthServiceAttributes> {
  checkPrefix(prefix);
  const reader = new ReadParameters(service, 'Parameters', prefix);
  all(service, PublishedParameters).forEach((published) => order(reader, published));
  const attributes = {} as Required<AuthServiceAttributes>;
  for (const [attribute, name] of entries()) {
    Object.defineProperty(attributes, attribute, { get: () => StringParameter.valueForStringParameter(service, `${prefix}/${name}`) });
  }
  return attributes;
}

function all<T extends Construct>(of: Construct, kind: new (...args: never[]) => T): T[] {
  return of.node.root.node.findAll().filter((child): child is T => child instanceof kind);
}

/**
 * CloudFormation reads the parameters of a template before it makes anything of it: what publishes them in the same app has to be deployed first. Another
 * stage, or another place, has parameters of its own.
 */
function order(reader: ReadParameters, published: PublishedParameters): void {
  const [reads, writes] = [Stack.of(reader), Stack.of(published)];
  if (reader.prefix !== published.prefix || Stage.of(reader) !== Stage.of(published) || reads.account !== writes.account || reads.region !== writes.region) {
    return;
  }
  const got = `${JSON.stringify(reader.prefix)}, which ${published.node.scope?.node.path} publishes in `;
  if (isInside(writes, reads)) {
    refuse('prefix', `${got}the same stack`, 'one of another stack', 'its parameters are read before anything of the stack is made: use the service itself');
  }
  const nested = nestedIn(writes, reads);
  if (nested) {
    // A part of the publishing stack may come after another part of it.
    nested.node.addDependency(published);
    return;
  }
  try {
    waitFor(reads, writes, `AuthService.fromParameters() reads ${reader.prefix}`);
  } catch {
    refuse('prefix', `${got}a stack that waits for this one`, 'one of a stack that can be deployed first',
      'two stacks of one app cannot wait for each other: read it in a third stack, or name the service by fromAuthServiceAttributes() with literal values');
  }
}

/** Under the name that the method has: it was renamed after the oldest release of the CDK that serves here. */
function waitFor(stack: Stack, other: Stack, reason: string): void {
  const { addStackDependency: add = stack.addDependency } = stack as unknown as { readonly addStackDependency?: Stack['addDependency'] };
  add.call(stack, other, reason);
}

/** Whether a stack is the other or nested in it. */
function isInside(stack: Stack | undefined, other: Stack): boolean {
  return stack !== undefined && (stack === other || isInside(stack.nestedStackParent, other));
}

/** What stands in a stack for the one that is nested there, directly or deeper. */
function nestedIn(stack: Stack, inner: Stack): IConstruct | undefined {
  const { nestedStackParent: parent, nestedStackResource: resource } = inner;
  return parent === undefined ? undefined : parent === stack ? resource : nestedIn(stack, parent);
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
