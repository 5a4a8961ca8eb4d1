/** What names are looked up for. Each has a sub-key of its own, so that equal names of two kinds have nothing in common. */
export type LookupLabel = 'attempts';

/**
 * Turns names into keys of tables: by an HMAC under the lookup secret, so that nobody who reads a table learns which addresses are in it,
 * not even by trying some. Throws `UnavailableError('lookup-secret')`.
 */
export interface Lookup {
  /** Loads the secret, so that its outage shows before a use case writes anything. */
  ready(): Promise<void>;
  /** base64url, 43 characters. */
  digest(label: LookupLabel, fields: readonly string[]): Promise<string>;
  /** Whether the service ran before it had this secret. */
  unkeyedBefore(): Promise<boolean>;
}
