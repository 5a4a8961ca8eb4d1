import * as v from 'valibot';

const Uid = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const Email = v.pipe(v.string(), v.minLength(1), v.maxLength(254));
const Scopes = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(64))), v.maxLength(50));
const Keyset = v.picklist(['signing', 'refresh', 'origin']);

/** What the admin function can be asked for. Unknown members are refused: a misspelt one must not be taken for "not given". */
export const AdminRequest = v.variant('action', [
  /** Lets one address register once, with these scopes. Answers with the one-time token. */
  v.strictObject({ action: v.literal('invite'), email: Email, scopes: v.optional(Scopes) }),
  /** By `uid` or by `email`. */
  v.strictObject({ action: v.literal('find'), uid: v.optional(Uid), email: v.optional(Email) }),
  v.strictObject({ action: v.literal('disable'), uid: Uid }),
  v.strictObject({ action: v.literal('enable'), uid: Uid }),
  /** Forgets the failed attempts at an address. */
  v.strictObject({ action: v.literal('unlock'), email: Email }),
  v.strictObject({ action: v.literal('revoke-sessions'), uid: Uid }),
  /** All scopes granted one by one from now on. */
  v.strictObject({ action: v.literal('set-scopes'), uid: Uid, scopes: Scopes }),
  /** The usual rotation, ahead of its schedule. `origin`: the secret that CloudFront sends along. */
  v.strictObject({ action: v.literal('rotate-now'), keyset: Keyset }),
  /** After a change of the secret of `SigningKeys.existingSecret()`. */
  v.strictObject({ action: v.literal('publish-keys') }),
  /** Emergency: refuses a signing key and every token it signed. */
  v.strictObject({ action: v.literal('retire-key'), kid: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
]);

export type AdminRequest = v.InferOutput<typeof AdminRequest>;
