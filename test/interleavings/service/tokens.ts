export interface Claims {
  readonly sub: string;
  readonly sid: string;
  readonly sv: number;
  readonly jti: string;
  readonly scope: string;
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly amr: readonly string[];
}

export function claimsOf(accessToken: string): Claims {
  return JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString('utf8'));
}

export function keyIdOf(accessToken: string): string {
  return JSON.parse(Buffer.from(accessToken.split('.')[0]!, 'base64url').toString('utf8')).kid;
}

/** `rt1.<kv>.<sid>.<n>.<mac>` */
export function generationOf(refreshToken: string): number {
  return Number(refreshToken.split('.')[3]);
}
