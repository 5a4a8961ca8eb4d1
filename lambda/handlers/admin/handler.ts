import { ErrorCodes } from '../../../src/contract/error-codes';
import type { FieldError } from '../../domain/errors';
import type { LastResortDeps } from '../../http/last-resort';
import { lastResort } from '../../http/last-resort';
import type { TimeLeft } from '../../http/working-time';
import { workingTime } from '../../http/working-time';
import type { Deadline } from '../../ports/deadline';
import type { AdministerDeps } from '../../use-cases/admin/administer-deps';
import { disableUser } from '../../use-cases/admin/disable-user';
import { enableUser } from '../../use-cases/admin/enable-user';
import type { FindUserDeps } from '../../use-cases/admin/find-user';
import { findUser } from '../../use-cases/admin/find-user';
import type { InviteUserDeps } from '../../use-cases/admin/invite-user';
import { inviteUser } from '../../use-cases/admin/invite-user';
import { publishKeys } from '../../use-cases/admin/publish-keys';
import { retireKey } from '../../use-cases/admin/retire-key';
import { revokeSessions } from '../../use-cases/admin/revoke-sessions';
import { rotateNow } from '../../use-cases/admin/rotate-now';
import { setScopes } from '../../use-cases/admin/set-scopes';
import type { UnlockUserDeps } from '../../use-cases/admin/unlock-user';
import { unlockUser } from '../../use-cases/admin/unlock-user';
import type { KeyOperationDeps, ListedKeyDeps } from '../../use-cases/rotate-keys/deps';
import type { AdminRequest } from './actions';
import { accountabilityOf, adminRequest } from './actions';

export type AdminDeps = AdministerDeps & FindUserDeps & InviteUserDeps & UnlockUserDeps & (KeyOperationDeps | ListedKeyDeps) & LastResortDeps & {
  readonly deadline: Deadline;
  readonly users: AdministerDeps['users'] & FindUserDeps['users'] & InviteUserDeps['users'];
  readonly crypto: InviteUserDeps['crypto'] & KeyOperationDeps['crypto'];
};

/** `ok` with what the action answers, or the error by the codes of the HTTP API. */
export type AdminAnswer =
  | ({ readonly ok: true } & Readonly<Record<string, unknown>>)
  | {
    readonly ok: false;
    readonly error: {
      readonly code: string;
      readonly title: string;
      readonly requestId: string;
      readonly detail?: string;
      readonly errors?: readonly FieldError[];
      /** Seconds. */
      readonly retryAfter?: number;
    };
  };

export type AdminHandler = (event: unknown, context: TimeLeft & { readonly awsRequestId: string }) => Promise<AdminAnswer>;

/** Invoked with IAM permission only, never over HTTP. */
export function createHandler(deps: AdminDeps): AdminHandler {
  return (event, context) => {
    const requestId = context.awsRequestId;
    const { operator, reason: operatorReason } = accountabilityOf(event);
    const identity = {
      requestId,
      correlationId: requestId,
      operation: operationOf(event),
      ...(operator === undefined ? {} : { operator }),
      ...(operatorReason === undefined ? {} : { operatorReason }),
    };
    return deps.deadline.run(workingTime(context), () => deps.scope.run(identity, async () => {
      try {
        return { ok: true, ...await deps.deadline.keep(() => run(deps, adminRequest(event))) };
      } catch (error) {
        const { code, detail, errors, retryAfter } = lastResort(deps, error);
        return {
          ok: false,
          error: {
            code,
            title: ErrorCodes[code].title,
            requestId,
            ...(detail === undefined ? {} : { detail }),
            ...(errors === undefined ? {} : { errors }),
            ...(retryAfter === undefined ? {} : { retryAfter }),
          },
        };
      }
    }));
  };
}

async function run(deps: AdminDeps, request: AdminRequest): Promise<object> {
  switch (request.action) {
    case 'invite':
      return inviteUser(deps, request);
    case 'find':
      return findUser(deps, request);
    case 'disable':
      return { user: await disableUser(deps, request) };
    case 'enable':
      return { user: await enableUser(deps, request) };
    case 'unlock':
      return nothing(unlockUser(deps, request));
    case 'revoke-sessions':
      return nothing(revokeSessions(deps, request));
    case 'set-scopes':
      return { user: await setScopes(deps, request) };
    case 'rotate-now':
      return rotateNow(deps, { keys: request.keyset });
    case 'publish-keys':
      return nothing(publishKeys(deps));
    case 'retire-key':
      return retireKey(deps, request);
  }
}

async function nothing(done: Promise<void>): Promise<object> {
  await done;
  return {};
}

/** For the log, and only if it is an action. */
function operationOf(event: unknown): string {
  const action = (event as { action?: unknown } | null | undefined)?.action;
  return typeof action === 'string' && /^[a-z-]{1,32}$/.test(action) ? `admin ${action}` : 'admin';
}
