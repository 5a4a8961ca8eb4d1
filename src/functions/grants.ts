import { AuthFunctionName } from '../contract/functions';
import { RevocationsTable, SessionsTable, UsersTable } from '../contract/tables';
import { AuthTable } from '../policy/storage';

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

/** Which secret a function reads or looks after. */
export enum KeyAccess {
  /** Reads the current version. */
  READ,
  /** Fills and moves versions: the rotation itself. */
  ROTATE,
  /** Fills and moves versions, and asks for rotations. */
  ADMINISTER,
}

/** What one function may do. */
export interface FunctionGrants {
  readonly tables: readonly TableGrant[];
  readonly signingSecret?: KeyAccess;
  readonly refreshSecret?: KeyAccess;
  /** Whether it may write published keys. All others are denied that explicitly. */
  readonly publishesKeys?: boolean;
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
const ownSessions: TableGrant = { table: AuthTable.SESSIONS, actions: [], index: SessionsTable.USER_INDEX };

/**
 * Least privilege, in one place. Nothing scans, nothing is granted on all tables, and no function that answers the public holds a
 * permission it does not use: the tests of the adapters compare this table with the calls that are really made.
 */
export const GRANTS: Readonly<Record<AuthFunctionName, FunctionGrants>> = {
  [AuthFunctionName.REGISTER]: { tables: [users(PUT), attempts(UPDATE), tickets(GET, UPDATE)] },
  [AuthFunctionName.LOGIN]: {
    tables: [users(GET, UPDATE), sessions(PUT), attempts(UPDATE), revocations(GET)],
    signingSecret: KeyAccess.READ,
    refreshSecret: KeyAccess.READ,
  },
  [AuthFunctionName.REFRESH]: {
    tables: [users(GET), sessions(GET, UPDATE), revocations(GET, UPDATE)],
    signingSecret: KeyAccess.READ,
    refreshSecret: KeyAccess.READ,
  },
  [AuthFunctionName.LOGOUT]: {
    tables: [users(GET, UPDATE), sessions(GET, UPDATE), ownSessions, revocations(GET, UPDATE)],
    refreshSecret: KeyAccess.READ,
  },
  [AuthFunctionName.PROFILE]: { tables: [users(GET, UPDATE, DELETE), revocations(GET, UPDATE)] },
  [AuthFunctionName.CREDENTIALS]: {
    tables: [users(GET, UPDATE), sessions(PUT), attempts(UPDATE), revocations(GET, UPDATE)],
    signingSecret: KeyAccess.READ,
    refreshSecret: KeyAccess.READ,
  },
  [AuthFunctionName.DISCOVERY]: { tables: [revocations(GET)] },
  [AuthFunctionName.AUTHORIZER]: { tables: [revocations(GET)] },
  [AuthFunctionName.ROTATE_KEYS]: {
    tables: [publishedKeys(GET, PUT)],
    signingSecret: KeyAccess.ROTATE,
    refreshSecret: KeyAccess.ROTATE,
    publishesKeys: true,
  },
  [AuthFunctionName.ADMIN]: {
    tables: [
      users(GET, UPDATE),
      { table: AuthTable.USERS, actions: [], index: UsersTable.EMAIL_INDEX },
      sessions(GET, UPDATE),
      ownSessions,
      revocations(GET, PUT, UPDATE),
      attempts(DELETE),
      tickets(PUT),
    ],
    signingSecret: KeyAccess.ADMINISTER,
    refreshSecret: KeyAccess.ADMINISTER,
    publishesKeys: true,
  },
};

/** Every action that writes an item, alone, in a transaction, in a batch or by PartiQL. */
export const WRITE_ACTIONS = [
  PUT, UPDATE, DELETE, 'dynamodb:BatchWriteItem', 'dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate', 'dynamodb:PartiQLDelete',
];

/** Actions of Secrets Manager by access. */
export const SECRET_ACTIONS: Readonly<Record<KeyAccess, readonly string[]>> = {
  [KeyAccess.READ]: ['secretsmanager:GetSecretValue'],
  [KeyAccess.ROTATE]: [
    'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage',
  ],
  [KeyAccess.ADMINISTER]: [
    'secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:RotateSecret',
    'secretsmanager:UpdateSecretVersionStage',
  ],
};
