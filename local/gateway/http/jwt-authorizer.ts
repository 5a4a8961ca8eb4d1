import { createPublicKey, KeyObject, verify } from 'node:crypto';
import http from 'node:http';
import { isRecord } from '../../template/types';
import { GatewayPlatform } from '../invoker';
import { GatewayRequest, RequestNotes } from '../message';
import { HttpVerdict, identityValue } from './authorizer';
import { HttpJwtAuthorizer } from './definition';
import { HttpEventFacts } from './event';

const KEY_LIFE_MS = 3_600_000;
const keys = new WeakMap<HttpJwtAuthorizer, { readonly until: number; readonly byKid: Map<string, KeyObject> }>();

/**
 * The native JWT authorizer: RS256 only, keys of the issuer cached for an hour as on AWS. Only issuers on this machine
 * are asked, so that the instance never leaves it.
 */
export async function authorizeJwt(
  authorizer: HttpJwtAuthorizer, requiredScopes: readonly string[], platform: GatewayPlatform,
  request: GatewayRequest, facts: HttpEventFacts, notes: RequestNotes,
): Promise<HttpVerdict> {
  const token = identityValue(authorizer.identitySource, request, facts)?.replace(/^Bearer /i, '');
  if (!token) return { kind: 'unauthorized' };
  const claims = await verifiedClaims(authorizer, token, platform, notes).catch((error: Error) => {
    notes.integrationError = `JWT authorizer ${authorizer.logicalId}: ${error.message}`;
    return undefined;
  });
  if (!claims || !claimsHold(authorizer, claims, platform.now() / 1000)) return { kind: 'unauthorized' };
  const scopes = String(claims.scope ?? claims.scp ?? '').split(' ').filter((scope) => scope !== '');
  if (requiredScopes.length > 0 && !requiredScopes.some((scope) => scopes.includes(scope))) return { kind: 'forbidden' };
  const asText = Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, typeof value === 'string' ? value : Array.isArray(value) ? `[${value.join(' ')}]` : String(value)]));
  return { kind: 'allow', context: { jwt: { claims: asText, scopes: scopes.length > 0 ? scopes : null } } };
}

function claimsHold(authorizer: HttpJwtAuthorizer, claims: Record<string, unknown>, nowSeconds: number): boolean {
  const audiences = claims.aud === undefined ? [claims.client_id] : [claims.aud].flat();
  return claims.iss === authorizer.issuer &&
    audiences.some((audience) => authorizer.audience.includes(String(audience))) &&
    typeof claims.exp === 'number' && claims.exp > nowSeconds &&
    (claims.nbf === undefined || Number(claims.nbf) <= nowSeconds) &&
    (claims.iat === undefined || Number(claims.iat) <= nowSeconds);
}

async function verifiedClaims(
  authorizer: HttpJwtAuthorizer, token: string, platform: GatewayPlatform, notes: RequestNotes,
): Promise<Record<string, unknown> | undefined> {
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0) return undefined;
  const header = parse(head);
  const claims = parse(body);
  if (!header || !claims || header.alg !== 'RS256' || typeof header.kid !== 'string') return undefined;
  const key = (await issuerKeys(authorizer, platform, notes)).get(header.kid);
  const genuine = key !== undefined && verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'));
  return genuine ? claims : undefined;
}

function parse(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function issuerKeys(authorizer: HttpJwtAuthorizer, platform: GatewayPlatform, notes: RequestNotes): Promise<Map<string, KeyObject>> {
  const cached = keys.get(authorizer);
  if (cached && cached.until > platform.now()) return cached.byKid;
  notes.authorizer = 'called';
  const discovery = await getJson(`${authorizer.issuer}/.well-known/openid-configuration`);
  const { keys: list } = await getJson(String(discovery.jwks_uri));
  const byKid = new Map<string, KeyObject>();
  for (const jwk of Array.isArray(list) ? list : []) {
    if (isRecord(jwk) && jwk.kty === 'RSA') byKid.set(String(jwk.kid), createPublicKey({ key: jwk, format: 'jwk' }));
  }
  keys.set(authorizer, { until: platform.now() + KEY_LIFE_MS, byKid });
  return byKid;
}

function getJson(url: string): Promise<Record<string, unknown>> {
  if (!['localhost', '127.0.0.1'].includes(new URL(url).hostname)) return Promise.reject(new Error(`${url} is not on this machine`));
  return new Promise((resolve, reject) => {
    http.get(url, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>);
        } catch (error) {
          reject(error as Error);
        }
      });
    }).on('error', reject);
  });
}
