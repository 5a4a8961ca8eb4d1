import * as v from 'valibot';

/**
 * What the routes answer. docs/openapi.json is generated from it and the tests of the handlers hold every answer against it. No
 * bundle carries it: the answers are made member by member.
 */

const seconds = (description: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
const dateTime = (description: string) => v.pipe(v.string(), v.isoTimestamp(), v.description(description));

export const RegisterResponse = v.strictObject({
  sub: v.pipe(v.string(), v.uuid(), v.description('Id of the new user.')),
});

export const TokenResponse = v.strictObject({
  access_token: v.pipe(v.string(), v.description('JWT (RFC 9068), for `Authorization: Bearer`.')),
  token_type: v.literal('Bearer'),
  expires_in: seconds('Life of the access token, seconds.'),
  scope: v.pipe(v.string(), v.description('Scopes separated by a space.')),
  refresh_token: v.optional(v.pipe(v.string(), v.description('Opaque, rotates at every use. Absent where it travels in a cookie.'))),
  refresh_expires_in: seconds('Until the session ends unless it is refreshed before, seconds. No refresh extends it beyond the lifetime of sessions.'),
  device_token: v.optional(v.pipe(v.string(), v.description('To be sent with the next login from this device. Absent where it travels in a cookie.'))),
});

export const MeResponse = v.strictObject({
  sub: v.pipe(v.string(), v.uuid()),
  email: v.string(),
  scope: v.pipe(v.string(), v.description('Scopes of the access token, separated by a space.')),
  profile: v.pipe(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])), v.description('The attributes that the service declares.')),
  created_at: dateTime('When the account was made.'),
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
  next: v.optional(v.pipe(v.string(), v.description('Opaque: the parameter `next` of the following page. Absent on the last one.'))),
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
  revocation_endpoint: v.pipe(v.string(), v.description('RFC 7009.')),
  revocation_endpoint_auth_methods_supported: v.array(v.string()),
  response_types_supported: v.pipe(v.array(v.string()), v.description('Empty, though RFC 8414 section 3.2 wants empty lists left out: section 2 requires this one, and the service has no authorization endpoint.')),
  grant_types_supported: v.pipe(v.array(v.string()), v.description('Empty for the same reason: left out, it would mean authorization_code and implicit.')),
  subject_types_supported: v.array(v.string()),
  id_token_signing_alg_values_supported: v.array(v.string()),
  claims_supported: v.array(v.string()),
});

export const HealthResponse = v.strictObject({ status: v.literal('ok') });

const problem = {
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer()),
  code: v.pipe(v.string(), v.description('Stable: match this one.')),
};

/** What the web ACL answers: no function saw the request, so nothing in a log has its id. AWS WAF has no media type for problems. */
export const FirewallProblemResponse = v.strictObject(problem);

export const ProblemResponse = v.strictObject({
  ...problem,
  requestId: v.pipe(v.string(), v.description('Worth quoting to whoever runs the service.')),
  detail: v.optional(v.string()),
  errors: v.optional(v.array(v.strictObject({
    pointer: v.pipe(v.string(), v.description('RFC 6901 pointer into the body.')),
    message: v.string(),
  }))),
});
