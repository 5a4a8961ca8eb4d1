/** What every line of one request carries. */
export interface RequestIdentity {
  readonly requestId: string;
  /** The caller's own id when it sent an acceptable one, else the request id. */
  readonly correlationId: string;
  /** `POST /login`, or what was asked of a function that has no routes. */
  readonly operation: string;
  readonly sourceIp?: string;
  /** Only its hash is ever written. */
  readonly userAgent?: string;
  /** Who asked the admin function, as the caller says. */
  readonly operator?: string;
  /** Why, in the caller's words. */
  readonly operatorReason?: string;
}

/** Ties what is written to the request that caused it, also while other requests run in the same process. */
export interface RequestScope {
  run<T>(identity: RequestIdentity, work: () => Promise<T>): Promise<T>;

  /** Whether the current request has left an audit event: what no use case recorded, the last resort does. */
  recorded(): boolean;
}
