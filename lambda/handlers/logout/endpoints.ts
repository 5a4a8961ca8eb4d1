import { Limits } from '../../../src/contract/limits';
import { AuthError } from '../../domain/errors';
import { decodePlace, encodePlace } from '../../domain/session-page';
import { bearerToken, presentsBearer } from '../../http/bearer';
import type { Call, Endpoint } from '../../http/endpoint';
import { bearerEndpoint, publicEndpoint } from '../../http/endpoint';
import { problemResponse } from '../../http/problem';
import { EmptyRequest, LogoutRequest, RevokeRequest, SessionsQuery } from '../../http/schemas/requests';
import { presentedRefreshToken, sessionGone } from '../../http/tokens';
import type { HttpRequest, HttpResponse } from '../../http/types';
import { validate } from '../../http/validation';
import type { EndSessionDeps } from '../../use-cases/end-session';
import { endSession } from '../../use-cases/end-session';
import type { ListSessionsDeps, ListSessionsInput } from '../../use-cases/list-sessions';
import { listSessions } from '../../use-cases/list-sessions';
import type { LogoutDeps } from '../../use-cases/logout';
import { logout } from '../../use-cases/logout';
import type { LogoutAllDeps } from '../../use-cases/logout-all';
import { logoutAll } from '../../use-cases/logout-all';
import { revokeToken } from '../../use-cases/revoke-token';

export type LogoutEndpointsDeps = LogoutDeps & LogoutAllDeps & Omit<EndSessionDeps, 'sessions'> & ListSessionsDeps & {
  readonly sessions: LogoutDeps['sessions'] & EndSessionDeps['sessions'] & ListSessionsDeps['sessions'];
};

export function logoutEndpoints(deps: LogoutEndpointsDeps): Endpoint[] {
  return [
    publicEndpoint('POST /logout', { body: LogoutRequest, cookies: 'session' }, async (call) => {
      const tokens = { refreshToken: presentedRefreshToken(call), accessToken: bearerToken(call.request.headers['authorization']) };
      try {
        await logout(deps, tokens);
        return sessionGone(call);
      } catch (error) {
        return badToken(call, error, tokens.refreshToken === undefined);
      }
    }),
    bearerEndpoint('POST /logout/all', { body: EmptyRequest, cookies: 'bearer' }, async (call) => {
      await logoutAll(deps, { principal: call.principal });
      return sessionGone(call);
    }),
    publicEndpoint('POST /token/revoke', { body: RevokeRequest, kind: 'json-or-form' }, async ({ body }) => {
      await revokeToken(deps, { token: body.token });
      return { status: 200 };
    }),
    bearerEndpoint('GET /me/sessions', {}, async ({ principal, request }) => {
      const { sessions, next } = await listSessions(deps, { principal, ...pageOf(request.query) });
      return {
        status: 200,
        body: {
          sessions: sessions.map((session) => ({
            sid: session.sid,
            current: session.current,
            device: session.device,
            created_at: isoTime(session.createdAt),
            last_used_at: isoTime(session.lastUsedAt),
            expires_at: isoTime(session.expiresAt),
          })),
          ...(next ? { next: encodePlace(next) } : {}),
        },
      };
    }),
    bearerEndpoint('DELETE /me/sessions/{sid}', { cookies: 'bearer' }, async (call) => {
      const sid = call.request.pathParameters['sid'] ?? '';
      await endSession(deps, { principal: call.principal, sid });
      return sid === call.principal.sid ? sessionGone(call) : { status: 204 };
    }),
  ];
}

/** Whoever logs out wants the cookie gone, also when it is of no use; an outage leaves it for the next try. */
function badToken(call: Call<unknown>, error: unknown, bearerAlone: boolean): HttpResponse {
  if (!(error instanceof AuthError) || error.status !== 401) throw error;
  const { requestId, headers } = call.request;
  const problem = problemResponse(error, requestId, { access: 'public', bearer: bearerAlone && presentsBearer(headers['authorization']) });
  return { ...problem, cookies: call.browser ? [call.cookies.clearRefresh()] : [] };
}

/** Parameters that are not known here decide nothing, as on every other route. */
function pageOf(query: HttpRequest['query']): Pick<ListSessionsInput, 'limit' | 'after'> {
  const { limit, next } = validate(SessionsQuery, { ...once(query, 'limit'), ...once(query, 'next') });
  return { limit: Number(limit ?? Limits.SESSIONS_PAGE), ...(next === undefined ? {} : { after: decodePlace(next)! }) };
}

/** A parameter that was sent twice is handed on as the list that no schema takes. */
function once(query: HttpRequest['query'], name: string): Readonly<Record<string, unknown>> {
  const values = query[name];
  return values === undefined ? {} : { [name]: values.length === 1 ? values[0] : values };
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
