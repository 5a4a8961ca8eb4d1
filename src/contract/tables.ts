/** Keys, indexes and TTL attributes of the five tables. Part of the stored format: a change is a migration. */
export const UsersTable = {
  PARTITION_KEY: 'pk',
  SORT_KEY: 'sk',
  /** Prefix of the partition key of everything about one user but the credential. */
  USER_PREFIX: 'USER#',
  /** Prefix of the partition key of credentials. */
  EMAIL_PREFIX: 'EMAIL#',
  /** Projects keys only; its partition key is the profile's canonical address. */
  EMAIL_INDEX: 'email-index',
  EMAIL_INDEX_KEY: 'email',
} as const;

export const SessionsTable = {
  PARTITION_KEY: 'sid',
  TTL: 'ttl',
  /** Projects keys only. */
  USER_INDEX: 'user-index',
  USER_INDEX_PARTITION_KEY: 'uid',
  /** Number, epoch milliseconds. */
  USER_INDEX_SORT_KEY: 'createdAt',
} as const;

export const RevocationsTable = {
  PARTITION_KEY: 'key',
  TTL: 'ttl',
  /** Prefix of `U#<uid>` items. */
  USER_PREFIX: 'U#',
  /** Prefix of published key sets; only rotate-keys and admin may write such an item. */
  KEYS_PREFIX: 'KEYS#',
  /** The published signing keys. */
  SIGNING_KEYS: 'KEYS#signing',
} as const;

export const AttemptsTable = {
  PARTITION_KEY: 'key',
  TTL: 'ttl',
} as const;

export const TicketsTable = {
  PARTITION_KEY: 'hash',
  TTL: 'ttl',
} as const;
