/** Whether a request brings a bearer token at all, however bad. */
export function presentsBearer(authorization: string | undefined): boolean {
  return /^bearer(?: |$)/i.test(authorization ?? '');
}

/** The token of one `Authorization: Bearer` header (RFC 6750 section 2.1). Several headers, which arrive joined, are none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
}
