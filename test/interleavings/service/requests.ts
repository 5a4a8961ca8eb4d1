import type { FunctionName } from './functions';
import type { Item } from '../dynamodb/conditions';
import { claimsOf } from './tokens';

/** What a client holds of a session. */
export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token?: string;
}

/** What goes into a function. */
export interface Request {
  readonly function: FunctionName;
  readonly event: unknown;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

export const register = ({ email, password }: Account, invitation?: string): Request =>
  api('register', 'POST', '/register', { body: { email, password, ...(invitation === undefined ? {} : { invitation }) } });

/** `device`: the token of an earlier login on this device. */
export const login = ({ email, password }: Account, sourceIp?: string, device?: string): Request =>
  api('login', 'POST', '/login', { body: { email, password, ...(device === undefined ? {} : { device_token: device }) }, sourceIp });

export const refresh = (tokens: Tokens): Request => api('refresh', 'POST', '/token/refresh', { body: { refresh_token: tokens.refresh_token } });

export const logout = ({ refresh_token }: Tokens): Request => api('logout', 'POST', '/logout', { body: { refresh_token } });

export const logoutByAccessToken = ({ access_token }: Tokens): Request =>
  api('logout', 'POST', '/logout', { body: {}, headers: { authorization: `Bearer ${access_token}` } });

export const logoutAll = (tokens: Tokens): Request => api('logout', 'POST', '/logout/all', { body: {}, authorized: tokens });

export const revoke = (tokens: Tokens): Request => api('logout', 'POST', '/token/revoke', { body: { token: tokens.refresh_token } });

export const endSession = (tokens: Tokens, sid: string): Request => api('logout', 'DELETE', '/me/sessions/{sid}', { path: { sid }, authorized: tokens });

export const listSessions = (tokens: Tokens): Request => api('logout', 'GET', '/me/sessions', { authorized: tokens });

export const changePassword = (tokens: Tokens, current: string, next: string): Request =>
  api('credentials', 'POST', '/me/password', { body: { current_password: current, new_password: next }, authorized: tokens });

export const updateProfile = (tokens: Tokens, profile: Item): Request => api('profile', 'PATCH', '/me', { body: { profile }, authorized: tokens });

export const deleteAccount = (tokens: Tokens, password: string): Request => api('credentials', 'DELETE', '/me', { body: { password }, authorized: tokens });

export const administer = (action: string, members: Item = {}): Request => ({ function: 'admin', event: { action, ...members } });

export const rotationStep = (step: string, secretId: string, token: string): Request =>
  ({ function: 'rotate-keys', event: { Step: step, SecretId: secretId, ClientRequestToken: token } });

export const firstKeys = (): Request => ({
  function: 'rotate-keys',
  event: {
    RequestType: 'Create', ResponseURL: 'https://example.com/', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'FirstKeys', ResourceProperties: {},
  },
});

/** Whether an API behind the authorizer would let this access token in. */
export const authorize = (accessToken: string): Request => ({
  function: 'authorizer',
  event: {
    type: 'TOKEN', authorizationToken: `Bearer ${accessToken}`, methodArn: 'arn:aws:execute-api:eu-west-1:111122223333:abc123/v1/GET/orders',
  },
});

interface Given {
  readonly body?: Item;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: Readonly<Record<string, string>>;
  readonly sourceIp?: string;
  /**
   * Whose token the authorizer let in. It is asked before the function, and API Gateway may keep its answer: what a function does must hold
   * for a session that ended since.
   */
  readonly authorized?: Tokens;
}

function api(name: FunctionName, method: string, route: string, { body, headers, path, sourceIp, authorized }: Given): Request {
  return {
    function: name,
    event: {
      resource: route,
      httpMethod: method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      pathParameters: path ?? null,
      body: body ? JSON.stringify(body) : null,
      isBase64Encoded: false,
      requestContext: {
        requestId: '00000000-0000-4000-8000-000000000000',
        identity: { sourceIp: sourceIp ?? '203.0.113.7' },
        authorizer: authorized ? contextOf(authorized.access_token) : null,
      },
    },
  };
}

function contextOf(accessToken: string): Item {
  const { sub, scope, sid, sv, jti, auth_time, amr } = claimsOf(accessToken);
  return { sub, scope, sid, sv: String(sv), jti, auth_time: String(auth_time), amr: amr.join(' ') };
}
