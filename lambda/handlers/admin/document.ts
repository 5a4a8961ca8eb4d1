import { toJsonSchema } from '@valibot/to-json-schema';
import type { ErrorCode } from '../../../src/contract/error-codes';
import { ErrorCodes } from '../../../src/contract/error-codes';
import type { AuditEventName } from '../../domain/audit-events';
import { AdminAction, AdminRequest } from './actions';

interface ActionText {
  readonly does: string;
  readonly example: Readonly<Record<string, unknown>>;
  /** Beside `ok`. */
  readonly answers: string;
  readonly errors: readonly ErrorCode[];
  readonly events: readonly AuditEventName[];
}

type MemberName = Exclude<{ [Action in AdminRequest as Action['action']]: keyof Action }[AdminAction], 'action' | 'operator' | 'reason'>;

const MEMBERS: Readonly<Record<MemberName, string>> = {
  uid: 'the user\'s id: `sub` in access tokens, `uid` in the audit',
  email: 'the address, in any spelling',
  scopes: 'scopes granted one by one, beyond the default ones; all of them',
  keyset: '`signing`: keys of access tokens; `refresh`: keys of refresh tokens; `origin`: the secret that CloudFront sends along, only with `AuthApi.http()` behind CloudFront',
  kid: 'the key\'s id, as the key set at `/.well-known/jwks.json` and the header of a token have it',
};

const UID = '0b9f3f0e-6c1d-4a57-8f6e-2f6f3c1d9a10';
const USER = '`user`: `uid`, `email`, `status` (`active` or `disabled`), `scopes`, `profile`, `createdAt` (epoch milliseconds)';
const NOTHING = 'nothing';

const ACTIONS: Readonly<Record<AdminAction, ActionText>> = {
  'invite': {
    does: 'Lets one address register once, with these scopes. Send the invitation to its owner: `POST /register` takes it.',
    example: { email: 'ada@example.com', scopes: ['orders:read'] },
    answers: '`invitation`, a one-time token that is shown only here, and `expiresAt` (epoch milliseconds)',
    errors: ['validation_failed', 'email_taken'],
    events: ['admin_user_invited'],
  },
  'find': {
    does: 'Looks up a user by id or by address; give one of them. An address is found through an index, which may be a moment behind.',
    example: { email: 'ada@example.com' },
    answers: `\`users\`: a list, empty when there is none, of what the other actions answer as ${USER.slice(0, USER.indexOf(':'))}`,
    errors: ['validation_failed'],
    events: ['admin_user_read'],
  },
  'disable': {
    does: 'Refuses logins from now on and ends every session.',
    example: { uid: UID },
    answers: USER,
    errors: ['not_found', 'conflict'],
    events: ['admin_user_disabled'],
  },
  'enable': {
    does: 'Admits logins again. Sessions from before stay ended.',
    example: { uid: UID },
    answers: USER,
    errors: ['not_found', 'conflict'],
    events: ['admin_user_enabled'],
  },
  'unlock': {
    does: 'Forgets the failed logins at an address, known or not. Make sure first who asks for it.',
    example: { email: 'ada@example.com' },
    answers: NOTHING,
    errors: ['validation_failed'],
    events: ['admin_user_unlocked'],
  },
  'revoke-sessions': {
    does: 'Ends every session of a user and refuses the access tokens of them.',
    example: { uid: UID },
    answers: NOTHING,
    errors: ['not_found', 'conflict'],
    events: ['admin_sessions_ended'],
  },
  'set-scopes': {
    does: 'Replaces the granted scopes. Taking one away ends every session, since their tokens carry it; one that is added arrives with the next refresh.',
    example: { uid: UID, scopes: ['orders:read', 'orders:write'] },
    answers: USER,
    errors: ['validation_failed', 'not_found', 'conflict'],
    events: ['admin_scopes_set'],
  },
  'rotate-now': {
    does: 'Starts the usual rotation ahead of its schedule; it runs on its own. Safe at any time.',
    example: { keyset: 'signing' },
    answers: '`rotation`: `started`, or `resumed` when an earlier one had broken off',
    errors: ['not_found'],
    events: ['admin_rotation_started'],
  },
  'publish-keys': {
    does: 'Publishes the keys of the secret of `SigningKeys.existingSecret()` after a change of it. See [signing-keys.md](signing-keys.md).',
    example: {},
    answers: NOTHING,
    errors: ['validation_failed'],
    events: ['keys_published'],
  },
  'retire-key': {
    does: 'Emergency: refuses a signing key and every token that it signed, within a minute.',
    example: { kid: 'nI0Fz1pF6gIUs5h2zYq7cJx0bT4m3o9KcE8vR1dQw2A' },
    answers: '`retirement`: `retired`, or `retired_before` when an earlier call had done it',
    errors: ['not_found', 'validation_failed', 'conflict'],
    events: ['keys_retired'],
  },
};

/** The part of docs/administration.md that follows from the schemas. Built by scripts/administration.mjs only. */
export function actionsPage(): string {
  return AdminRequest.options.map(({ entries }) => {
    const name = entries.action.literal;
    const { does, example, answers, errors, events } = ACTIONS[name];
    return [
      `### ${name}`, '', does, '',
      '```json', JSON.stringify({ action: name, ...example, operator: 'mike', reason: 'ticket 4711' }), '```', '',
      ...table(name), '',
      `Answers ${answers}. Errors: ${[...errors].map((code) => `\`${code}\``).join(', ')}. Audit: ${events.map((event) => `\`${event}\``).join(', ')}.`, '',
    ].join('\n');
  }).join('\n');
}

/** Errors that every action may answer with, and those named above, with what they mean. */
export function errorsTable(): string {
  const everywhere: ErrorCode[] = ['validation_failed', 'unavailable', 'internal_error'];
  const codes = [...new Set([...everywhere, ...Object.values(ACTIONS).flatMap(({ errors }) => errors)])];
  return ['| code | means |', '|---|---|', ...codes.map((code) => `| \`${code}\` | ${ErrorCodes[code].title} |`)].join('\n');
}

function table(name: AdminAction): string[] {
  const option = AdminRequest.options.find(({ entries }) => entries.action.literal === name)!;
  const { properties = {}, required = [] } = toJsonSchema(option, { ignoreActions: ['regex'] }) as { properties?: Record<string, Schema>; required?: string[] };
  const members = Object.keys(properties).filter((member): member is MemberName => member in MEMBERS);
  if (members.length === 0) return ['No members of its own.'];
  return [
    '| member | is | means |', '|---|---|---|',
    ...members.map((member) => `| \`${member}\`${required.includes(member) ? '' : ', optional'} | ${typeOf(properties[member]!)} | ${MEMBERS[member]} |`),
  ];
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
}

function typeOf({ type, enum: values, minLength, maxLength, maxItems, items }: Schema): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (type === 'array') return `list of at most ${maxItems}: ${typeOf(items!)}`;
  return `${type} of ${minLength} to ${maxLength} characters`;
}
