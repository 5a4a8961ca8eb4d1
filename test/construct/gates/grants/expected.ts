import { AuthFunctionName } from '../../../../src';
import type { SigningKeysKind } from '../../../../src/policy/signing-keys';
import type { FunctionGrants } from '../../../../src/functions/grants';
import { DISTRIBUTION_ACTIONS, grantsOf, KeyAccess, KMS_ACTIONS, SECRET_ACTIONS } from '../../../../src/functions/grants';
import type { Front } from '../../../../src/functions/front';

/** What a function is granted, in words that do not depend on generated names: `function action target`. */
export function granted(front: Pick<Front, 'tokenCheck'> & { readonly behindCloudFront: boolean }, signingKeys: SigningKeysKind): string[] {
  // The table asks only whether there is a secret.
  const originSecret = front.behindCloudFront ? {} as Front['originSecret'] : undefined;
  return Object.values(AuthFunctionName).flatMap((name) => {
    const grants = grantsOf(name, { tokenCheck: front.tokenCheck, originSecret });
    const all = [...onTables(grants), ...onKeys(grants, signingKeys), ...onFront(grants)];
    return all.map((entry) => `${pascal(name)} ${entry}`);
  }).sort();
}

/** By kind of item where a table holds several, and by attribute where an update is confined to some: `dynamodb:UpdateItem Users EMAIL#`, `... .hash`. */
const onTables = ({ tables }: FunctionGrants): string[] => [...new Set(tables.flatMap(({ table, actions, index, keys, attributes = [] }) => [
  ...actions.flatMap((action) => [
    ...keys?.map((key) => `${action} ${pascal(table)} ${key.replace(/\*$/, '')}`) ?? [`${action} ${pascal(table)}`],
    ...attributes.map((attribute) => `${action} ${pascal(table)} .${attribute}`),
  ]),
  ...index === undefined ? [] : [`dynamodb:Query ${pascal(table)}/index/${index}`],
]))];

const onKeys = ({ signingKeys, refreshKeys, lookupSecret }: FunctionGrants, kind: SigningKeysKind): string[] => [
  ...signingActions(signingKeys, kind).map((action) => `${action} SigningKeys`), ...secretActions(refreshKeys).map((action) => `${action} RefreshKeys`),
  ...secretActions(lookupSecret).map((action) => `${action} Lookup`),
];

/** With CloudFront, its web ACL too: CloudFront reads it on behalf of whoever updates the distribution. */
const onFront = ({ originSecret }: FunctionGrants): string[] => [
  ...secretActions(originSecret).map((action) => `${action} OriginSecret`),
  ...originSecret === KeyAccess.ROTATE ? [...DISTRIBUTION_ACTIONS.map((action) => `${action} Distribution`), 'wafv2:GetWebACL WebAcl'] : [],
];

/** A secret that the team fills is read, whatever a function would do with one of the service's own. */
function signingActions(access: KeyAccess | undefined, kind: SigningKeysKind): readonly string[] {
  if (access === undefined) return [];
  if (kind === 'kms') return KMS_ACTIONS[access] ?? [];
  return secretActions(kind === 'existing-secret' ? KeyAccess.READ : access);
}

const secretActions = (access: KeyAccess | undefined): readonly string[] => (access === undefined ? [] : SECRET_ACTIONS[access]);

const pascal = (text: string): string => text.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
