import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { createPrivateKey, sign } from 'node:crypto';
import type { Service } from './service';

/** A private key as the service keeps it. */
export interface PrivateKey {
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256' | 'EdDSA';
  readonly privateJwk: JsonWebKey;
}

export interface Keyset {
  readonly version: number;
  readonly active: PrivateKey;
  readonly next: PrivateKey;
  readonly retired: readonly { readonly kid: string; readonly privateJwk?: JsonWebKey }[];
}

export type KeysKind = 'signing' | 'refresh';

/** Secrets Manager of the instance, as somebody with every permission sees it. */
export function secretsOf(service: Service): SecretsManagerClient {
  return new SecretsManagerClient({
    endpoint: service.instance.servicesUrl, region: service.instance.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
}

/** ARN of a secret of keys. */
export async function secretArn(service: Service, kind: KeysKind, construct = 'Auth'): Promise<string> {
  const description = kind === 'signing' ? 'Keys that sign access tokens' : 'Keys of refresh tokens';
  const { SecretList = [] } = await secretsOf(service).send(new ListSecretsCommand({}));
  const found = SecretList.filter((secret) => secret.Description === description && secret.Name!.includes(`${construct}${kind === 'signing' ? 'SigningKeys' : 'RefreshKeys'}`));
  if (found.length !== 1) throw new Error(`${found.length} secrets of ${kind} keys`);
  return found[0]!.ARN!;
}

/** The keys that sign, private parts included: for tokens that no attacker could make. */
export async function signingKeyset(service: Service): Promise<Keyset> {
  const { SecretString: json } = await secretsOf(service).send(new GetSecretValueCommand({ SecretId: await secretArn(service, 'signing') }));
  return JSON.parse(json!);
}

const part = (value: object | string | Buffer): string =>
  Buffer.from(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url');

/** A compact JWS. Objects are written as JSON, texts as they are; `signature` sees the signing input. */
export function compact(header: object | string, payload: object | string, signature: (input: string) => Buffer): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${signature(input).toString('base64url')}`;
}

/** Signs as the service does with a key of its own. */
export function signWith(key: PrivateKey): (input: string) => Buffer {
  const privateKey: KeyObject = createPrivateKey({ key: key.privateJwk, format: 'jwk' });
  if (key.alg === 'ES256') return (input) => sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return (input) => sign(key.alg === 'RS256' ? 'sha256' : null, Buffer.from(input), privateKey);
}

/** The header that the service writes. */
export const headerOf = ({ alg, kid }: PrivateKey) => ({ alg, typ: 'at+jwt', kid });

/** Tests read members of whatever came. */
export const claimsOf = (token: string): any => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8'));

export const kidOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString('utf8')).kid;

/** Logical id of the one function whose id begins so. */
export function logicalId(service: Service, prefix: string): string {
  const [found, ...more] = service.instance.functions.configurations().filter((configuration) => configuration.logicalId.startsWith(prefix));
  if (!found || more.length > 0) throw new Error(`not one function is called ${prefix}`);
  return found.logicalId;
}
