import { AuthFunctionName } from '../contract/functions';
import { RevocationsTable, SessionsTable, UsersTable } from '../contract/tables';
import { AuthTable } from '../policy/storage';
import { Front, isBehindApi, takesAccessTokens } from './front';

/** Single actions of one function on one table. */
export interface TableGrant {
  readonly table: AuthTable;
  /** Actions on items. A transaction needs the actions of its parts. */
  readonly actions: readonly string[];
  /** An index that may be queried. */
  readonly index?: string;
  /** Partition keys that the actions are confined to; absent where the keys of a table are all of one kind. */
  readonly keys?: readonly string[];
  /** The only attributes that the actions may name beside the table's key: what is written, and what a condition asks. Updates only. */
  readonly attributes?: readonly string[];
}

/** Which keys a function reads or looks after, in the words of a secret that rotates. */
export enum KeyAccess {
  /** Reads the current version. */
  READ,
  /** Fills and moves versions: the rotation itself. */
  ROTATE,
  /** Asks for a rotation, and sees whether one is under way. */
  START_ROTATION,
  /** Replaces the current version in an emergency, and asks for rotations. */
  REPLACE,
  /** Fills it once, and never again. */
  MAKE,
}

/** What one function may do. */
export interface FunctionGrants {
  readonly tables: readonly TableGrant[];
  readonly signingKeys?: KeyAccess;
  readonly refreshKeys?: KeyAccess;
  readonly originSecret?: KeyAccess;
  /** The secret under which names become keys of tables. */
  readonly lookupSecret?: KeyAccess;
  /** Whether it may write published keys. All others are denied that explicitly. */
  readonly publishesKeys?: boolean;
  /** Whether it may invoke rotate-keys: Secrets Manager asks that of whoever asks for a rotation. */
  readonly startsRotations?: boolean;
}

const GET = 'dynamodb:GetItem';
const GET_MANY = 'dynamodb:BatchGetItem';
const PUT = 'dynamodb:PutItem';
const UPDATE = 'dynamodb:UpdateItem';
const DELETE = 'dynamodb:DeleteItem';

/** Leading keys by kind of item: the profile and what belongs to it, and the credential with the hash of the password. */
const PROFILES = `${UsersTable.USER_PREFIX}*`;
const CREDENTIALS = `${UsersTable.EMAIL_PREFIX}*`;
const REVOKED = `${RevocationsTable.USER_PREFIX}*`;
const PUBLISHED = `${RevocationsTable.KEYS_PREFIX}*`;

/** What ends all sessions of a user, and by what the write knows itself again. */
const SESSION_VERSION = ['sv', 'op'];
/** A new hash, for the owner of the address and the version of the password that it was made from. */
const HASH = ['hash', 'pv', 'uid'];

const users = (keys: readonly string[], ...actions: string[]): TableGrant => ({ table: AuthTable.USERS, actions, keys });
const updatesOfUsers = (keys: readonly string[], attributes: readonly string[]): TableGrant => ({ ...users(keys, UPDATE), attributes });
const sessions = (...actions: string[]): TableGrant => ({ table: AuthTable.SESSIONS, actions });
const revocations = (keys: readonly string[], ...actions: string[]): TableGrant => ({ table: AuthTable.REVOCATIONS, actions, keys });
const attempts = (...actions: string[]): TableGrant => ({ table: AuthTable.ATTEMPTS, actions });
const tickets = (...actions: string[]): TableGrant => ({ table: AuthTable.TICKETS, actions });
const usersByEmail: TableGrant = { table: AuthTable.USERS, actions: [], index: UsersTable.EMAIL_INDEX };
const sessionsOfUser: TableGrant = { table: AuthTable.SESSIONS, actions: [], index: SessionsTable.USER_INDEX };

/**
 * Least privilege, in one place: what the adapters of the functions' use cases really call, and nothing else. Nothing scans, and
 * nothing is granted on all tables.
 *
 * Within a table a grant is confined to the kinds of items that the function touches, and an update of a user to what it changes (PR-01).
 * Items of both kinds that one transaction writes stand in one grant: whether DynamoDB asks for each item or for all of them at once is
 * not documented.
 */
export const GRANTS: Readonly<Record<AuthFunctionName, FunctionGrants>> = {
  [AuthFunctionName.REGISTER]: { tables: [users([PROFILES, CREDENTIALS], PUT), attempts(UPDATE, DELETE), tickets(GET, DELETE)], lookupSecret: KeyAccess.READ },
  [AuthFunctionName.LOGIN]: {
    tables: [
      users([PROFILES, CREDENTIALS], GET), updatesOfUsers([CREDENTIALS], HASH),
      sessions(GET, GET_MANY, PUT, UPDATE, DELETE), sessionsOfUser, attempts(GET, UPDATE),
      revocations([REVOKED, PUBLISHED], GET), revocations([REVOKED], UPDATE),
    ],
    signingKeys: KeyAccess.READ,
    refreshKeys: KeyAccess.READ,
    lookupSecret: KeyAccess.READ,
  },
  [AuthFunctionName.REFRESH]: {
    tables: [
      users([PROFILES], GET), updatesOfUsers([PROFILES], SESSION_VERSION),
      sessions(GET, UPDATE), revocations([REVOKED, PUBLISHED], GET), revocations([REVOKED], PUT, UPDATE),
    ],
    signingKeys: KeyAccess.READ,
    refreshKeys: KeyAccess.READ,
  },
  [AuthFunctionName.LOGOUT]: {
    tables: [
      users([PROFILES], GET), updatesOfUsers([PROFILES], SESSION_VERSION),
      sessions(GET, GET_MANY, UPDATE), sessionsOfUser, revocations([REVOKED, PUBLISHED], GET), revocations([REVOKED], PUT, UPDATE),
    ],
    refreshKeys: KeyAccess.READ,
  },
  [AuthFunctionName.PROFILE]: { tables: [users([PROFILES], GET), updatesOfUsers([PROFILES], ['profile'])] },
  [AuthFunctionName.CREDENTIALS]: {
    tables: [
      users([PROFILES, CREDENTIALS], GET, DELETE), updatesOfUsers([PROFILES, CREDENTIALS], [...SESSION_VERSION, ...HASH]),
      sessions(PUT), attempts(GET, UPDATE), revocations([PUBLISHED], GET), revocations([REVOKED], PUT),
    ],
    signingKeys: KeyAccess.READ,
    refreshKeys: KeyAccess.READ,
    lookupSecret: KeyAccess.READ,
  },
  [AuthFunctionName.DISCOVERY]: { tables: [revocations([PUBLISHED], GET)] },
  [AuthFunctionName.AUTHORIZER]: { tables: [revocations([REVOKED, PUBLISHED], GET)] },
  [AuthFunctionName.ROTATE_KEYS]: {
    tables: [revocations([PUBLISHED], GET, PUT)],
    signingKeys: KeyAccess.ROTATE,
    refreshKeys: KeyAccess.ROTATE,
    lookupSecret: KeyAccess.MAKE,
    publishesKeys: true,
  },
  [AuthFunctionName.ADMIN]: {
    tables: [
      users([PROFILES], GET), updatesOfUsers([PROFILES], [...SESSION_VERSION, 'status', 'scopes']), usersByEmail,
      revocations([PUBLISHED], GET), revocations([REVOKED, PUBLISHED], PUT), attempts(DELETE), tickets(PUT),
    ],
    signingKeys: KeyAccess.REPLACE,
    refreshKeys: KeyAccess.START_ROTATION,
    lookupSecret: KeyAccess.READ,
    publishesKeys: true,
    startsRotations: true,
  },
};

/** The same with what a front adds: to verify access tokens, to know requests that came through CloudFront, to renew how they are known. */
export function grantsOf(name: AuthFunctionName, { tokenCheck, originSecret }: Front): FunctionGrants {
  const own = GRANTS[name];
  const verifies = tokenCheck === 'function' && takesAccessTokens(name);
  const reads = (kind: string) => own.tables.some(({ table, actions, keys }) =>
    table === AuthTable.REVOCATIONS && actions.includes(GET) && keys?.includes(kind));
  const missing = verifies ? [REVOKED, PUBLISHED].filter((kind) => !reads(kind)) : [];
  return {
    ...own,
    tables: missing.length > 0 ? [...own.tables, revocations(missing, GET)] : own.tables,
    ...originSecret && isBehindApi(name) ? { originSecret: KeyAccess.READ } : {},
    ...originSecret && name === AuthFunctionName.ROTATE_KEYS ? { originSecret: KeyAccess.ROTATE } : {},
    ...originSecret && name === AuthFunctionName.ADMIN ? { originSecret: KeyAccess.START_ROTATION } : {},
  };
}

/** What puts a new origin secret into the distribution. */
export const DISTRIBUTION_ACTIONS = ['cloudfront:GetDistributionConfig', 'cloudfront:UpdateDistribution'];

/** Every action that writes an item, alone, in a transaction, in a batch or by PartiQL. */
export const WRITE_ACTIONS = [
  PUT, UPDATE, DELETE, 'dynamodb:BatchWriteItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete',
];

/** Actions of Secrets Manager by access, on a secret that the service fills. One that somebody else fills is read and nothing else. */
export const SECRET_ACTIONS: Readonly<Record<KeyAccess, readonly string[]>> = {
  [KeyAccess.READ]: ['secretsmanager:GetSecretValue'],
  [KeyAccess.ROTATE]: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
  [KeyAccess.START_ROTATION]: ['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'],
  [KeyAccess.REPLACE]: [
    'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:RotateSecret',
    'secretsmanager:UpdateSecretVersionStage',
  ],
  [KeyAccess.MAKE]: ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
};

/** Actions of KMS by access, on keys that never leave it. A key is retired in the published set, which takes none. */
export const KMS_ACTIONS: Readonly<Partial<Record<KeyAccess, readonly string[]>>> = {
  [KeyAccess.READ]: ['kms:Sign'],
  [KeyAccess.ROTATE]: ['kms:GetPublicKey'],
};
