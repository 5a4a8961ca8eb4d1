import type { JsonProtocol, TransportOptions } from '../adapters/signed-http';
import { JsonReads, SignedHttpSecretReader, SignedTransport } from '../adapters/signed-http';
import type { Environment } from './environment';

/** What differs from service to service. */
const SERVICES = {
  dynamodb: { endpoint: 'AWS_ENDPOINT_URL_DYNAMODB' },
  kms: { endpoint: 'AWS_ENDPOINT_URL_KMS' },
  secretsmanager: { endpoint: 'AWS_ENDPOINT_URL_SECRETS_MANAGER', timeoutMs: 1500 },
} as const;

/** With what the SDK would take from the environment, which is where Lambda puts it. */
export function signedTransport(env: Environment, service: keyof typeof SERVICES): SignedTransport {
  const { endpoint, ...rest } = SERVICES[service];
  return transport(env, { service, region: env.text('AWS_REGION'), endpoint: env.optional(endpoint) ?? env.optional('AWS_ENDPOINT_URL'), ...rest });
}

/** CloudFront has one control plane a partition; that of China goes by the name of its Region. */
export function cloudFrontTransport(env: Environment): SignedTransport {
  const global = env.text('AWS_REGION').startsWith('cn-')
    ? { region: 'cn-northwest-1' }
    : { region: 'us-east-1', endpoint: 'https://cloudfront.amazonaws.com' };
  const given = env.optional('AWS_ENDPOINT_URL_CLOUDFRONT') ?? env.optional('AWS_ENDPOINT_URL');
  return transport(env, { service: 'cloudfront', ...global, ...(given === undefined ? {} : { endpoint: given }) });
}

const KMS: JsonProtocol = { target: 'TrentService', version: '1.1' };

/** KMS for what changes nothing in it: signing and reading public keys. */
export function kms(env: Environment): JsonReads {
  return new JsonReads(signedTransport(env, 'kms'), KMS);
}

export function secretReader(env: Environment): SignedHttpSecretReader {
  return new SignedHttpSecretReader(signedTransport(env, 'secretsmanager'));
}

function transport(env: Environment, options: Omit<TransportOptions, 'credentials'>): SignedTransport {
  return new SignedTransport({
    ...options,
    credentials: () => ({
      accessKeyId: env.text('AWS_ACCESS_KEY_ID'),
      secretAccessKey: env.text('AWS_SECRET_ACCESS_KEY'),
      sessionToken: env.optional('AWS_SESSION_TOKEN'),
    }),
  });
}
