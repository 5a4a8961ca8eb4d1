/** Numbers that code, infrastructure and documentation share. */
export const Limits = {
  /** Greatest request body in bytes: refused by the firewall and again by the handlers. */
  BODY_BYTES: 8192,
  /** Greatest depth of a JSON body. */
  JSON_DEPTH: 5,
  /** Greatest password, in code points and in bytes of UTF-8; refused before hashing, never cut. */
  PASSWORD_CODE_POINTS: 128,
  PASSWORD_BYTES: 512,
  /** Least password while it is the only factor, and with a second one (NIST SP 800-63B-4). */
  PASSWORD_MIN_SOLE_FACTOR: 15,
  PASSWORD_MIN_WITH_MFA: 8,
  /** Least memory of a function that hashes with scrypt, MiB: each hash takes 128 MiB beside the function itself. */
  SCRYPT_MEBIBYTES: 512,
  /** Greatest e-mail address in bytes (RFC 5321 path less the brackets). */
  EMAIL_BYTES: 254,
  /** Greatest part of it before the @ in bytes (RFC 5321 section 4.5.3.1.1). */
  EMAIL_LOCAL_PART_BYTES: 64,
  /** Greatest access token in bytes. */
  ACCESS_TOKEN_BYTES: 4096,
  /** Clock difference that a verifier forgives, seconds, each way. */
  CLOCK_LEEWAY_SECONDS: 30,
  /** Age at which verifiers and signers read the published key set again, seconds. */
  KEYSET_CACHE_SECONDS: 60,
  /** Least time between two reloads of keys because of an unknown key id, seconds. */
  KEYSET_COOLDOWN_SECONDS: 30,
  /** Age to which a function goes on with a cached secret while Secrets Manager is down, seconds. */
  SECRET_HARD_AGE_SECONDS: 86400,
  /** A retired key stays published this much longer than its tokens live, seconds. */
  RETIRED_KEY_EXTRA_SECONDS: 86400,
  /** Single sessions revoked for one user above which all of the user's sessions end instead: the item stays below 4 KB, one read unit of the authorizer. */
  REVOKED_SESSIONS_PER_USER: 96,
  /** Those of them that logins may fill with sessions that give way; the rest is kept for whoever ends a session on purpose. */
  REVOKED_BY_LOGINS_PER_USER: 64,
  /** Greatest grace of concurrent refreshes, seconds. */
  REFRESH_GRACE_MAX_SECONDS: 60,
  /** Living sessions that a user may have at most: the greatest bound that can be set. */
  SESSIONS_PER_USER_MAX: 1000,
  /** Sessions on a page of `GET /me/sessions` unless the caller says how many. */
  SESSIONS_PAGE: 50,
  /** Failures in a row that stop password login until an administrator unlocks (63B 3.2.2). */
  FAILURES_UNTIL_STOP: 100,
  /** Time after the last failure in which a run that did not stop anything is remembered, seconds. */
  FAILURES_KEPT_SECONDS: 365 * 86400,
  /** First and greatest wait of a soft lock, seconds; doubles with every failure of the day. */
  SOFT_LOCK_FIRST_SECONDS: 30,
  SOFT_LOCK_MAX_SECONDS: 3600,
  /** Life of an invitation, seconds. */
  INVITATION_SECONDS: 7 * 86400,
  /** Greatest profile item in bytes (one write unit). */
  PROFILE_BYTES: 1024,
  /** Greatest size of all profile attributes with their names; the rest of the item are keys, address, versions and scopes. */
  PROFILE_VALUES_BYTES: 512,
  /** Greatest number of a profile, either sign: beyond it neighbours become the same (`Number.MAX_SAFE_INTEGER`). */
  NUMBER_MAX: 9007199254740991,
  /** Least number of a profile but zero, either sign: DynamoDB's own. */
  NUMBER_LEAST_MAGNITUDE: 1e-130,
} as const;

/** Header that every state-changing browser request carries: a form cannot set it, CORS guards who can. */
export const CSRF_HEADER = 'x-csrf-protection';
/** Cookie of the refresh token. */
export const REFRESH_COOKIE = '__Host-rt';
/** Cookie of the device token. */
export const DEVICE_COOKIE = '__Host-dt';
/** Header of the correlation id, in and out. */
export const CORRELATION_HEADER = 'x-correlation-id';
/** Stage of the REST API and base path of a custom domain. */
export const STAGE_NAME = 'v1';
/** Header in which CloudFront proves that a request came through it. */
export const ORIGIN_SECRET_HEADER = 'x-auth-origin-secret';
/** Header in which CloudFront names the viewer's address; to be believed only beside a right `ORIGIN_SECRET_HEADER`. */
export const VIEWER_ADDRESS_HEADER = 'x-auth-viewer-address';
/**
 * Headers that a page of another origin may read beside those that the Fetch standard always shows. A REST API gives the challenge of a
 * function another name.
 */
export const EXPOSED_HEADERS: readonly string[] = ['retry-after', 'www-authenticate', 'x-amzn-remapped-www-authenticate', CORRELATION_HEADER];

/** What AWS WAF puts before the names of headers that it adds to a request. */
const WAF_PREFIX = 'x-amzn-waf-';
/** In which the service's own web ACL names the origin of a request, once it has found it in the list; as its rules call it. */
export const PAGE_ORIGIN = 'page-origin';
/** The same as API Gateway sees it. */
export const PAGE_ORIGIN_HEADER = `${WAF_PREFIX}${PAGE_ORIGIN}`;
