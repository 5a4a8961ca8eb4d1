import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Made } from './resources.ts';

type Properties = Made['Properties'];
type Resources = Readonly<Record<string, Made>>;

/** What CloudFormation's own description of a resource says of one property. */
interface Specified {
  readonly cloudFormationType: string;
  readonly properties: Readonly<Record<string, { readonly causesReplacement?: 'yes' | 'no' | 'maybe' }>>;
}

let specification: ReadonlyMap<string, readonly string[]> | undefined;

/** Properties that replace a resource of each type, as the CDK's command line knows them for `cdk diff`. */
function createOnly(type: string): readonly string[] {
  specification ??= readSpecification();
  return specification.get(type) ?? [];
}

function readSpecification(): ReadonlyMap<string, readonly string[]> {
  // npm starts scripts and suites in the root of the repository.
  const database = gunzipSync(readFileSync(join(process.cwd(), 'node_modules', 'aws-cdk', 'db.json.gz')));
  const { schema } = JSON.parse(database.toString('utf8')) as { schema: { resource: { entities: readonly Specified[] } } };
  return new Map(schema.resource.entities.map(({ cloudFormationType, properties }) =>
    [cloudFormationType, Object.keys(properties).filter((name) => (properties[name]!.causesReplacement ?? 'no') !== 'no')]));
}

/**
 * What the schemas leave out. DynamoDB makes an index anew when its keys or its projection change; a replica lies in its Region; KMS refuses to
 * change what a key is.
 */
const BESIDE_SCHEMAS: Readonly<Record<string, (properties: Properties) => object>> = {
  'AWS::DynamoDB::GlobalTable': ({ KeySchema, LocalSecondaryIndexes, GlobalSecondaryIndexes = [], Replicas = [] }) => ({
    KeySchema,
    LocalSecondaryIndexes,
    indexes: (GlobalSecondaryIndexes as Properties[]).map(({ IndexName, KeySchema: keys, Projection }) => ({ IndexName, KeySchema: keys, Projection })),
    regions: (Replicas as { Region: unknown }[]).map(({ Region }) => Region),
  }),
  'AWS::KMS::Key': ({ KeySpec, KeyUsage, MultiRegion, Origin }) => ({ KeySpec, KeyUsage, MultiRegion, Origin }),
};

/** What makes a resource the one that it is: where this differs, CloudFormation makes another one in its place. */
export function identityOf({ Type, Properties: properties }: Made): Record<string, unknown> {
  const fixed = Object.fromEntries(createOnly(Type).filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));
  return { Type, ...fixed, ...BESIDE_SCHEMAS[Type]?.(properties) };
}

/** Logical ids of what is replaced between two states of one service, by itself or because it names something that is. */
export function replacedIds(before: Resources, after: Resources): string[] {
  const kept = Object.keys(before).filter((id) => after[id] !== undefined);
  const text = (made: Made) => JSON.stringify(identityOf(made));
  const replaced = new Set(kept.filter((id) => text(before[id]!) !== text(after[id]!)));
  for (let known = -1; known !== replaced.size;) {
    known = replaced.size;
    for (const id of kept) {
      if (!replaced.has(id) && [...replaced].some((other) => names(identityOf(after[id]!), other))) replaced.add(id);
    }
  }
  return [...replaced];
}

/** A reference to what makes a resource another one: `Ref`, or an attribute. */
function names(identity: object, id: string): boolean {
  const text = JSON.stringify(identity);
  return text.includes(`{"Ref":"${id}"}`) || text.includes(`{"Fn::GetAtt":["${id}",`);
}

/** How many of each type are replaced. */
export function replacedTypes(before: Resources, after: Resources): Map<string, number> {
  const types = new Map<string, number>();
  for (const id of replacedIds(before, after)) types.set(before[id]!.Type, (types.get(before[id]!.Type) ?? 0) + 1);
  return types;
}

/** Claims of new access tokens that a change gives another value, so that verifiers refuse what is out unless they are told to accept it. */
export function changedClaims(before: Resources, after: Resources): string[] {
  return [['AUTH_ISSUER', 'iss', 'acceptedIssuers'], ['AUTH_AUDIENCE', 'aud', 'acceptedAudiences']]
    .filter(([variable]) => JSON.stringify(variablesOf(before, variable!)) !== JSON.stringify(variablesOf(after, variable!)))
    .map(([, claim, accepted]) => `\`${claim}\` (accept the other one by \`tokens.${accepted}\`)`);
}

/** Of the function that verifies. */
function variablesOf(resources: Resources, variable: string): unknown {
  const [authorizer] = Object.keys(resources).filter((id) => id.startsWith('AuthFunctionsAuthorizer') && resources[id]!.Type === 'AWS::Lambda::Function');
  return resources[authorizer!]!.Properties.Environment.Variables[variable];
}

/** What a change of a living service replaces, in words. */
export function consequence(before: Resources, after: Resources): string {
  const types = [...replacedTypes(before, after)].sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, count]) => `${count} ${type.replace('AWS::', '')}`);
  const claims = changedClaims(before, after);
  return [...types.length === 0 ? [] : [`replaces ${types.join(', ')}`], ...claims.length === 0 ? [] : [`new tokens have another ${claims.join(' and ')}`]].join('; ') || 'nothing is replaced';
}
