/** The functions of the service. The value names the folder of the bundle, of the handler and the default function name suffix. */
export enum AuthFunctionName {
  /** Creates accounts. */
  REGISTER = 'register',
  /** Verifies passwords and opens sessions. */
  LOGIN = 'login',
  /** Rotates refresh tokens. */
  REFRESH = 'refresh',
  /** Ends sessions, lists them, revokes tokens. */
  LOGOUT = 'logout',
  /** Reads, changes and deletes the caller's own profile. */
  PROFILE = 'profile',
  /** Changes the caller's own password. */
  CREDENTIALS = 'credentials',
  /** Publishes the key set, the discovery document and the health of the service. */
  DISCOVERY = 'discovery',
  /** Verifies access tokens for API Gateway. */
  AUTHORIZER = 'authorizer',
  /** Makes, rotates and publishes keys. Invoked by Secrets Manager and CloudFormation. */
  ROTATE_KEYS = 'rotate-keys',
  /** Administers users and keys. Invoked with IAM permission only, never over HTTP. */
  ADMIN = 'admin',
}
