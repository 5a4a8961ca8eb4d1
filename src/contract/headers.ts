/**
 * Headers of every answer, whether a function or API Gateway itself makes it (ASVS 3.4.1, 3.4.3 to 3.4.6, 14.3.2): no browser
 * renders these answers, no cache keeps them.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
};
