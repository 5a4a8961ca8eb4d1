import * as v from 'valibot';
import { AuthError } from '../../domain/errors';
import { validate } from '../../http/validation';

const Uid = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Email = v.pipe(v.string(), v.minLength(1), v.maxLength(254));
const Scopes = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.maxLength(50));
const Keyset = v.picklist(['signing', 'refresh', 'origin']);
/** On one line and visible, since people read it in the audit. */
const line = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest), v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u));

/** Members of every action: who asks, and why. The audit shows both. */
const Accountability = { operator: v.optional(line(128)), reason: v.optional(line(256)) };

const action = <const Name extends string, const Members extends v.ObjectEntries>(name: Name, members: Members) =>
  v.strictObject({ action: v.literal(name), ...members, ...Accountability });

/** What the admin function can be asked for. Unknown members are refused: a misspelt one must not be taken for "not given". */
export const AdminRequest = v.variant('action', [
  /** Lets one address register once, with these scopes. Answers with the one-time token. */
  action('invite', { email: Email, scopes: v.optional(Scopes) }),
  /** By `uid` or by `email`. */
  action('find', { uid: v.optional(Uid), email: v.optional(Email) }),
  action('disable', { uid: Uid }),
  action('enable', { uid: Uid }),
  /** Forgets the failed attempts at an address. */
  action('unlock', { email: Email }),
  action('revoke-sessions', { uid: Uid }),
  /** All scopes granted one by one from now on. */
  action('set-scopes', { uid: Uid, scopes: Scopes }),
  /** The usual rotation, ahead of its schedule. `origin`: the secret that CloudFront sends along. */
  action('rotate-now', { keyset: Keyset }),
  /** After a change of the secret of `SigningKeys.existingSecret()`. */
  action('publish-keys', {}),
  /** Emergency: refuses a signing key and every token it signed. */
  action('retire-key', { kid: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
]);

export type AdminRequest = v.InferOutput<typeof AdminRequest>;
export type AdminAction = AdminRequest['action'];

export const ACTION_NAMES: readonly AdminAction[] = AdminRequest.options.map(({ entries }) => entries.action.literal);

/** Who asks and why, as far as an event says it in the right form: also a refused request is somebody's. */
export function accountabilityOf(event: unknown): { readonly operator?: string; readonly reason?: string } {
  const given = isObject(event) ? event : {};
  const { operator, reason } = Accountability;
  return {
    ...(v.is(operator, given.operator) && given.operator !== undefined ? { operator: given.operator } : {}),
    ...(v.is(reason, given.reason) && given.reason !== undefined ? { reason: given.reason } : {}),
  };
}

/** Throws `validation_failed`, which lists the actions or the members of this one. */
export function adminRequest(event: unknown): AdminRequest {
  const asked = isObject(event) ? event.action : undefined;
  const known = AdminRequest.options.find(({ entries }) => entries.action.literal === asked);
  if (isObject(event) && !known) {
    const names = ACTION_NAMES.join(', ');
    throw new AuthError('validation_failed', {
      errors: [{ pointer: '/action', message: `must be one of ${names}` }], detail: `The actions are ${names}.`, reason: 'action_unknown',
    });
  }
  try {
    return validate(AdminRequest, event);
  } catch (error) {
    if (!known || !(error instanceof AuthError) || error.errors === undefined) throw error;
    const detail = `The members of ${known.entries.action.literal} are ${Object.keys(known.entries).join(', ')}.`;
    throw new AuthError(error.code, { errors: error.errors, detail, ...(error.reason === undefined ? {} : { reason: error.reason }) });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
