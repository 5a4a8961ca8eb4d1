/** The secret by which CloudFront proves that a request came through it, for those who let requests in. */
export interface OriginSecret {
  /**
   * Whether CloudFront sends this value, sent it last or will send it next; compared in constant time. Bounded: an unknown value causes
   * at most one reload per cooldown. Throws `UnavailableError('origin-secret')`.
   */
  accepts(value: string): Promise<boolean>;
}

/**
 * The header in which CloudFront sends it, as the distribution is configured; the edge locations follow within minutes. Throws
 * `UnavailableError('cloudfront')`, and an `Error` when no origin is sent the header.
 */
export interface OriginHeader {
  /** What is sent: one value for each origin that gets the header. */
  values(): Promise<readonly string[]>;
  /** Sends this value from now on, to each of these origins; repeated without effect. Answers with what was sent before. */
  send(value: string): Promise<readonly string[]>;
}
