import { SignedHttpSecretReader, SignedTransport } from '../adapters/signed-http';
import type { Environment } from './environment';

const SERVICES = {
  dynamodb: { endpoint: 'AWS_ENDPOINT_URL_DYNAMODB' },
  secretsmanager: { endpoint: 'AWS_ENDPOINT_URL_SECRETS_MANAGER', timeoutMs: 1500 },
} as const;

/** With what the SDK would take from the environment, which is where Lambda puts it. */
export function signedTransport(env: Environment, service: keyof typeof SERVICES): SignedTransport {
  const { endpoint, ...rest } = SERVICES[service];
  return new SignedTransport({
    service,
    region: env.text('AWS_REGION'),
    endpoint: env.optional(endpoint) ?? env.optional('AWS_ENDPOINT_URL'),
    credentials: () => ({
      accessKeyId: env.text('AWS_ACCESS_KEY_ID'),
      secretAccessKey: env.text('AWS_SECRET_ACCESS_KEY'),
      sessionToken: env.optional('AWS_SESSION_TOKEN'),
    }),
    ...rest,
  });
}

export function secretReader(env: Environment): SignedHttpSecretReader {
  return new SignedHttpSecretReader(signedTransport(env, 'secretsmanager'));
}
