/** The token of one `Authorization: Bearer` header (RFC 6750 section 2.1). Several headers, which arrive joined, are none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
}
