import type * as v from 'valibot';
import { ErrorCode } from '../../../src/contract/error-codes';
import * as requests from '../schemas/requests';
import * as responses from '../schemas/responses';

/** Everything under `components.schemas`. */
export const schemas = { ...requests, ...responses };

/** What the contract's list of routes does not say of a route. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: 'Account' | 'Session' | 'Profile' | 'Discovery';
  /** Schema of the parameters of its query. */
  readonly query?: keyof typeof schemas;
  readonly request?: { readonly schema: keyof typeof schemas; readonly form?: boolean };
  readonly success: { readonly status: number; readonly description: string; readonly schema?: keyof typeof schemas; readonly setsCookies?: boolean };
  /** Codes of its own; those of every route, of every body and of every token are added by the generator. */
  readonly problems: readonly ErrorCode[];
  /** Whether a refresh cookie may stand for the token in the body. */
  readonly refreshCookie?: boolean;
}

export type AnySchema = v.GenericSchema;

const NEW_PASSWORD: readonly ErrorCode[] = ['password_too_short', 'password_too_long', 'password_classes', 'password_compromised', 'password_too_simple', 'password_personal'];

/** By `method path`, for every route of the contract. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'POST /register': {
    id: 'register',
    tag: 'Account',
    summary: 'Create an account',
    request: { schema: 'RegisterRequest' },
    success: { status: 201, description: 'The account exists.', schema: 'RegisterResponse' },
    problems: [...NEW_PASSWORD, 'email_taken', 'registration_closed', 'invitation_invalid', 'invalid_token'],
  },
  'POST /login': {
    id: 'login',
    tag: 'Session',
    summary: 'Open a session',
    description: 'An unknown address, a wrong password and a disabled account get the same answer in the same time.',
    request: { schema: 'LoginRequest' },
    success: { status: 200, description: 'The session is open.', schema: 'TokenResponse', setsCookies: true },
    problems: ['invalid_credentials'],
  },
  'POST /token/refresh': {
    id: 'refresh',
    tag: 'Session',
    summary: 'Exchange the refresh token for its successor and a new access token',
    description: 'Requests that race with the same token receive the same successor. A token that comes back after the grace ends the session.',
    request: { schema: 'RefreshRequest' },
    success: { status: 200, description: 'The old token is replaced.', schema: 'TokenResponse', setsCookies: true },
    problems: ['invalid_token', 'session_expired', 'session_revoked', 'refresh_superseded'],
    refreshCookie: true,
  },
  'POST /token/revoke': {
    id: 'revoke',
    tag: 'Session',
    summary: 'End the session of a token (RFC 7009)',
    description: 'Unknown tokens get the same answer.',
    request: { schema: 'RevokeRequest', form: true },
    success: { status: 200, description: 'No session of this token lives.' },
    problems: [],
  },
  'POST /logout': {
    id: 'logout',
    tag: 'Session',
    summary: 'End this session',
    description: 'Takes the refresh token, or the access token as Bearer even if it has expired; a repetition gets the same answer. Access tokens of the session are refused from then on.',
    request: { schema: 'LogoutRequest' },
    success: { status: 204, description: 'The session has ended.', setsCookies: true },
    problems: ['invalid_token'],
    refreshCookie: true,
  },
  'POST /logout/all': {
    id: 'logoutAll',
    tag: 'Session',
    summary: 'End all sessions of the caller',
    request: { schema: 'EmptyRequest' },
    success: { status: 204, description: 'All sessions have ended, this one too.', setsCookies: true },
    problems: [],
  },
  'GET /me': {
    id: 'me',
    tag: 'Profile',
    summary: 'The caller',
    success: { status: 200, description: 'The caller.', schema: 'MeResponse' },
    problems: ['session_revoked'],
  },
  'PATCH /me': {
    id: 'updateMe',
    tag: 'Profile',
    summary: 'Change declared attributes of the profile',
    request: { schema: 'UpdateMeRequest' },
    success: { status: 200, description: 'The caller after the change.', schema: 'MeResponse' },
    problems: ['session_revoked', 'conflict'],
  },
  'DELETE /me': {
    id: 'deleteMe',
    tag: 'Account',
    summary: 'Delete the account',
    description: 'Asks for the password, like its change: a token alone does not delete an account.',
    request: { schema: 'DeleteMeRequest' },
    success: { status: 204, description: 'The account and its sessions are gone.', setsCookies: true },
    problems: ['password_too_long', 'invalid_credentials', 'session_revoked', 'conflict'],
  },
  'POST /me/password': {
    id: 'changePassword',
    tag: 'Account',
    summary: 'Change the password',
    description: 'Ends all sessions and opens a new one. Device tokens of before are worth nothing any more; the answer brings a new one for this device.',
    request: { schema: 'ChangePasswordRequest' },
    success: { status: 200, description: 'The password is changed; the tokens are those of the new session.', schema: 'TokenResponse', setsCookies: true },
    problems: [...NEW_PASSWORD, 'password_unchanged', 'invalid_credentials', 'session_revoked', 'conflict'],
  },
  'GET /me/sessions': {
    id: 'listSessions',
    tag: 'Session',
    summary: 'Live sessions of the caller, newest first',
    description: 'In pages. Each of them but the last is full; a session that begins while pages are read is on none of the following ones.',
    query: 'SessionsQuery',
    success: { status: 200, description: 'The sessions.', schema: 'SessionsResponse' },
    problems: ['validation_failed'],
  },
  'DELETE /me/sessions/{sid}': {
    id: 'endSession',
    tag: 'Session',
    summary: 'End one session of the caller',
    success: { status: 204, description: 'The session has ended.', setsCookies: true },
    problems: ['not_found'],
  },
  'GET /.well-known/jwks.json': {
    id: 'jwks',
    tag: 'Discovery',
    summary: 'Public keys that verify access tokens (RFC 7517)',
    success: { status: 200, description: 'The keys.', schema: 'JwksResponse' },
    problems: [],
  },
  'GET /.well-known/openid-configuration': {
    id: 'discovery',
    tag: 'Discovery',
    summary: 'Discovery document',
    success: { status: 200, description: 'The document.', schema: 'DiscoveryResponse' },
    problems: [],
  },
  'GET /health': {
    id: 'health',
    tag: 'Discovery',
    summary: 'Whether the service can verify tokens',
    success: { status: 200, description: 'It can.', schema: 'HealthResponse' },
    problems: [],
  },
};
