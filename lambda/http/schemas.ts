import * as v from 'valibot';

/**
 * What the routes take and give. The handlers enforce the requests, docs/openapi.json is generated from all of them, and tests hold
 * the answers against them. Objects are strict everywhere: an unknown member is refused, so nobody assigns `role` or `sv` (ASVS 15.3.3).
 * Sizes that need a better answer than "not valid" (passwords, addresses) are left to the rules of the domain.
 */

const token = (description: string, maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength), v.description(description));
const seconds = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
const dateTime = (description: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(description));

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

export const RegisterResponse = v.strictObject({
  sub: v.pipe(v.string(), v.uuid(), v.description('Id of the new user.')),
});

export const LoginRequest = v.strictObject({
  email: Email,
  password: Password,
  device_token: v.optional(DeviceToken),
});

export const TokenResponse = v.strictObject({
  access_token: v.pipe(v.string(), v.description('JWT (RFC 9068), for `Authorization: Bearer`.')),
  token_type: v.literal('Bearer'),
  expires_in: seconds('Life of the access token, seconds.'),
  scope: v.pipe(v.string(), v.description('Scopes separated by a space.')),
  refresh_token: v.optional(v.pipe(v.string(), v.description('Opaque, rotates at every use. Absent where it travels in a cookie.'))),
  refresh_expires_in: seconds('What remains of the session, seconds. No refresh extends it.'),
  device_token: v.optional(v.pipe(v.string(), v.description('To be sent with the next login from this device. Absent where it travels in a cookie.'))),
});

export const RefreshRequest = v.strictObject({ refresh_token: v.optional(RefreshToken) });

export const LogoutRequest = v.strictObject({ refresh_token: v.optional(RefreshToken) });

/** RFC 7009. Access tokens are up to 4 KB. */
export const RevokeRequest = v.strictObject({
  token: token('A refresh token or an access token: either ends its session.', 4096),
  token_type_hint: v.optional(v.pipe(v.string(), v.maxLength(64), v.description('Not needed, both kinds tell themselves apart.'))),
  client_id: v.optional(v.pipe(v.string(), v.maxLength(256), v.description('General OAuth clients send it; nothing depends on it.'))),
});

/** Where a body has no members. */
export const EmptyRequest = v.strictObject({});

export const MeResponse = v.strictObject({
  sub: v.pipe(v.string(), v.uuid()),
  email: v.string(),
  scope: v.pipe(v.string(), v.description('Scopes of the access token, separated by a space.')),
  profile: Profile,
  created_at: dateTime('When the account was made.'),
});

export const UpdateMeRequest = v.strictObject({ profile: ProfileChange });

export const ChangePasswordRequest = v.strictObject({
  current_password: Password,
  new_password: NewPassword,
});

export const SessionsResponse = v.strictObject({
  sessions: v.array(v.strictObject({
    sid: v.string(),
    current: v.pipe(v.boolean(), v.description('Whether it is the session that asks.')),
    device: v.pipe(v.string(), v.description('From the User-Agent of the login.')),
    created_at: dateTime('When it began.'),
    last_used_at: dateTime('The last refresh.'),
    expires_at: dateTime('When it ends unless it is refreshed before.'),
  })),
});

const Jwk = v.pipe(
  v.looseObject({ kty: v.string(), kid: v.string(), use: v.literal('sig'), alg: v.string() }),
  v.description('Public members only; `kid` is the RFC 7638 thumbprint.'),
);

export const JwksResponse = v.strictObject({ keys: v.array(Jwk) });

/** RFC 8414 metadata, as far as a service without browser redirects has any. */
export const DiscoveryResponse = v.strictObject({
  issuer: v.pipe(v.string(), v.description('Equal to `iss` of the tokens, byte by byte.')),
  jwks_uri: v.string(),
  response_types_supported: v.array(v.string()),
  grant_types_supported: v.array(v.string()),
  subject_types_supported: v.array(v.string()),
  id_token_signing_alg_values_supported: v.array(v.string()),
  claims_supported: v.array(v.string()),
});

export const HealthResponse = v.strictObject({ status: v.literal('ok') });

export const ProblemResponse = v.strictObject({
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  code: v.pipe(v.string(), v.description('Stable: match this one.')),
  requestId: v.pipe(v.string(), v.description('Worth quoting to whoever runs the service.')),
  detail: v.optional(v.string()),
  errors: v.optional(v.array(v.strictObject({
    pointer: v.pipe(v.string(), v.description('RFC 6901 pointer into the body.')),
    message: v.string(),
  }))),
});
