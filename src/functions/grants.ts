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
  /** Partition keys that the actions are confined to. */
  readonly keys?: string;
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
}

/** What one function may do. */
export interface FunctionGrants {
  readonly tables: readonly TableGrant[];
  readonly signingKeys?: KeyAccess;
  readonly refreshKeys?: KeyAccess;
  readonly originSecret?: KeyAccess;
  /** Whether it may write published keys. All others are denied that explicitly. */
  readonly publishesKeys?: boolean;
  /** Whether it may invoke rotate-keys: Secrets Manager asks that of whoever asks for a rotation. */
  readonly startsRotations?: boolean;
}

const GET = 'dynamodb:GetItem';
const PUT = 'dynamodb:PutItem';
const UPDATE = 'dynamodb:UpdateItem';
const DELETE = 'dynamodb:DeleteItem';

const users = (...actions: string[]): TableGrant => ({ table: AuthTable.USERS, actions });
const sessions = (...actions: string[]): TableGrant => ({ table: AuthTable.SESSIONS, actions });
const revocations = (...actions: string[]): TableGrant => ({ table: AuthTable.REVOCATIONS, actions });
const attempts = (...actions: string[]): TableGrant => ({ table: AuthTable.ATTEMPTS, actions });
const tickets = (...actions: string[]): TableGrant => ({ table: AuthTable.TICKETS, actions });
const publishedKeys = (...actions: string[]): TableGrant => ({ table: AuthTable.REVOCATIONS, actions, keys: `${RevocationsTable.KEYS_PREFIX}*` });
const usersByEmail: TableGrant = { table: AuthTable.USERS, actions: [], index: UsersTable.EMAIL_INDEX };
const sessionsOfUser: TableGrant = { table: AuthTable.SESSIONS, actions: [], index: SessionsTable.USER_INDEX };

/**
 * Least privilege, in one place: what the adapters of the functions' use cases really call, and nothing else. Nothing scans, and
 * nothing is granted on all tables.
 */
export const GRANTS: Readonly<Record<AuthFunctionName, FunctionGrants>> = {
  [AuthFunctionName.REGISTER]: { tables: [users(PUT), attempts(UPDATE), tickets(GET, DELETE)] },
  [AuthFunctionName.LOGIN]: {
    tables: [users(GET, UPDATE), sessions(GET, PUT, UPDATE), attempts(GET, UPDATE), revocations(GET, PUT, UPDATE)],
    signingKeys: KeyAccess.READ,
    refreshKeys: KeyAccess.READ,
  },
  [AuthFunctionName.REFRESH]: {
    tables: [users(GET, UPDATE), sessions(GET, UPDATE), revocations(GET, PUT, UPDATE)],
    signingKeys: KeyAccess.READ,
    refreshKeys: KeyAccess.READ,
  },
  [AuthFunctionName.LOGOUT]: {
    tables: [users(GET, UPDATE), sessions(GET, UPDATE), sessionsOfUser, revocations(GET, PUT, UPDATE)],
    refreshKeys: KeyAccess.READ,
  },
  [AuthFunctionName.PROFILE]: { tables: [users(GET, UPDATE, DELETE), revocations(PUT)] },
  [AuthFunctionName.CREDENTIALS]: {
    tables: [users(GET, UPDATE), sessions(PUT), attempts(UPDATE), revocations(GET, PUT)],
    signingKeys: KeyAccess.READ,
    refreshKeys: KeyAccess.READ,
  },
  [AuthFunctionName.DISCOVERY]: { tables: [revocations(GET)] },
  [AuthFunctionName.AUTHORIZER]: { tables: [revocations(GET)] },
  [AuthFunctionName.ROTATE_KEYS]: {
    tables: [publishedKeys(GET, PUT)],
    signingKeys: KeyAccess.ROTATE,
    refreshKeys: KeyAccess.ROTATE,
    publishesKeys: true,
  },
  [AuthFunctionName.ADMIN]: {
    tables: [users(GET, UPDATE), usersByEmail, revocations(GET, PUT), attempts(DELETE), tickets(PUT)],
    signingKeys: KeyAccess.REPLACE,
    refreshKeys: KeyAccess.START_ROTATION,
    publishesKeys: true,
    startsRotations: true,
  },
};

/** The same with what a front adds: to verify access tokens, to know requests that came through CloudFront, to renew how they are known. */
export function grantsOf(name: AuthFunctionName, { tokenCheck, originSecret }: Front): FunctionGrants {
  const own = GRANTS[name];
  const verifies = tokenCheck === 'function' && takesAccessTokens(name);
  const reads = own.tables.some(({ table, actions }) => table === AuthTable.REVOCATIONS && actions.includes(GET));
  return {
    ...own,
    tables: verifies && !reads ? [...own.tables, revocations(GET)] : own.tables,
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
};

/** Actions of KMS by access, on keys that never leave it. A key is retired in the published set, which takes none. */
export const KMS_ACTIONS: Readonly<Partial<Record<KeyAccess, readonly string[]>>> = {
  [KeyAccess.READ]: ['kms:Sign'],
  [KeyAccess.ROTATE]: ['kms:GetPublicKey'],
};
