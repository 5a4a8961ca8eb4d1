import * as v from 'valibot';
import { decodePlace } from '../../domain/session-page';

/**
 * What the routes take. The handlers enforce it, docs/openapi.json is generated from it. Objects are strict everywhere: an unknown
 * member is refused, so nobody assigns `role` or `sv` (ASVS 15.3.3). Sizes that need a better answer than "not valid" (passwords,
 * addresses) are left to the rules of the domain.
 */

const token = (description: string, maxLength: number) =>
  v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength), v.description(description));

const Email = v.pipe(v.string(), v.minLength(1), v.description('ASCII e-mail address, at most 254 bytes. Case does not matter.'));
const Password = v.pipe(v.string(), v.minLength(1), v.description('Every character counts, nothing is cut or trimmed.'));
const NewPassword = v.pipe(v.string(), v.minLength(1), v.description('At most 128 characters. Any of Unicode, spaces included.'));
const RefreshToken = token('Opaque. Left out by browsers whose session lives in a cookie.', 512);
const DeviceToken = token('From an earlier login of this account on this device: strangers who guess passwords cannot lock it out.', 512);
const ProfileName = v.pipe(v.string(), v.maxLength(32));
const ProfileValue = v.union([v.string(), v.number(), v.boolean()]);
// `record` makes an object of its own out of whatever is one, and takes an array for one.
const notArray = v.check((value: unknown) => !Array.isArray(value));
const Profile = v.pipe(
  v.unknown(),
  notArray,
  v.record(ProfileName, ProfileValue),
  v.description('The attributes that the service declares.'),
);
const ProfileChange = v.pipe(
  v.unknown(),
  notArray,
  v.record(ProfileName, v.nullable(ProfileValue)),
  v.description('Attributes to set; null removes one, what is left out stays.'),
);

export const RegisterRequest = v.strictObject({
  email: Email,
  password: NewPassword,
  profile: v.optional(Profile),
  invitation: v.optional(token('Of an invitation, where registration needs one.', 256)),
});

export const LoginRequest = v.strictObject({
  email: Email,
  password: Password,
  device_token: v.optional(DeviceToken),
});

export const RefreshRequest = v.strictObject({ refresh_token: v.optional(RefreshToken) });

export const LogoutRequest = v.strictObject({ refresh_token: v.optional(RefreshToken) });

/** General OAuth clients say who they are (RFC 6749 section 2.3, RFC 7521). The token is all that counts here. */
const client = (maxLength: number) => v.optional(v.pipe(v.string(), v.maxLength(maxLength), v.description('General OAuth clients send it; nothing depends on it.')));

/** RFC 7009. Access tokens are up to 4 KB. */
export const RevokeRequest = v.strictObject({
  token: token('A refresh token or an access token: either ends its session.', 4096),
  token_type_hint: v.optional(v.pipe(v.string(), v.maxLength(64), v.description('Not needed, both kinds tell themselves apart.'))),
  client_id: client(256),
  client_secret: client(1024),
  client_assertion: client(4096),
  client_assertion_type: client(256),
});

/** Where a body has no members. */
export const EmptyRequest = v.strictObject({});

export const UpdateMeRequest = v.strictObject({ profile: ProfileChange });

/** A token alone, however young, does not delete an account. */
export const DeleteMeRequest = v.strictObject({ password: Password });

export const ChangePasswordRequest = v.strictObject({
  current_password: Password,
  new_password: NewPassword,
});

/** Parameters of the query, as texts. */
export const SessionsQuery = v.strictObject({
  limit: v.optional(v.pipe(v.string(), v.regex(/^(?:[1-9]\d?|100)$/), v.description('How many sessions at most, 1 to 100. 50 where it is left out.'))),
  next: v.optional(v.pipe(v.string(), v.maxLength(64), v.check((text) => decodePlace(text) !== undefined), v.description('`next` of the page before.'))),
});
