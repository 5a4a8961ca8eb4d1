/** Scalars only: an object could carry what nobody looked at. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Operational log. Never an address, password, token or secret; `error` is reduced to its name, stack and scrubbed message. */
export interface Log {
  error(message: string, error?: unknown, fields?: LogFields): void;
  warn(message: string, error?: unknown, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}
