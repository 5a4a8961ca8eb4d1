/**
 * Stands in for `@aws-sdk/credential-provider-node` in every bundle (scripts/bundle.mjs aliases it).
 *
 * Lambda has no other source of credentials than the environment of the function, so SSO, profiles, processes, web
 * identity and instance metadata would be dead code that costs a quarter of the import time. Lambda rotates the
 * credentials by replacing the execution environment, hence no expiry and no refresh.
 */
interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The signature of the SDK's `defaultProvider`. */
export function defaultProvider(): () => Promise<AwsCredentials> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new Error('no AWS credentials in the environment');
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
  };
}
