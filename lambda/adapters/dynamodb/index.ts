export { DynamoAttemptStore } from './attempts';
export { createDynamoDb, dynamoDbOver } from './client';
export type { DynamoDb } from './client';
export { DynamoHourlyCounters } from './hourly-counters';
export { DynamoRevocationStore } from './revocations';
export { DynamoSessionStore } from './sessions';
export { DynamoTicketStore } from './tickets';
export { DynamoUserStore } from './users';
export type { UserTables } from './users';
