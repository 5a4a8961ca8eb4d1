export { MemoryAttemptStore } from './attempts';
export { MemoryHourlyCounters } from './hourly-counters';
export { MemoryRevocationStore } from './revocations';
export { MemorySessionStore } from './sessions';
export { MemoryTables } from './tables';
export type { Pause } from './tables';
export { MemoryTicketStore } from './tickets';
export { MemoryUserStore } from './users';
