/** The secret by which CloudFront proves that a request came through it. */
export interface OriginSecret {
  /**
   * Whether CloudFront sends this value, sent it last or will send it next; compared in constant time. Bounded: an unknown value causes
   * at most one reload per cooldown. Throws `UnavailableError('origin-secret')`.
   */
  accepts(value: string): Promise<boolean>;
}
