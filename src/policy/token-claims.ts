import { Token } from 'aws-cdk-lib';
import { checkLiteralList, checkPattern, checkUnique, refuse } from './validation';

/** Values of one claim that verifiers accept beside the one in new tokens. */
interface Accepted {
  readonly property: string;
  readonly what: string;
  readonly values: string[] | undefined;
  /** In new tokens; absent if only CloudFormation knows it. */
  readonly present: string | undefined;
}

/** A move has one before and one after; all of them stand in the environment of each function that verifies. */
const MAX_ACCEPTED = 5;
const MAX_ISSUER = 512;
const AUDIENCE = /^[\x21-\x7E]{1,200}$/;
const ALLOWED_AUDIENCE = '1 to 200 printable ASCII characters without spaces';
const ALLOWED_ISSUER = 'an https URL without query, fragment and trailing slash';

/** Whether verifiers can compare the audience with `aud`. */
export function checkAudience(audience: string | undefined): void {
  checkPattern('tokens.audience', audience, AUDIENCE, ALLOWED_AUDIENCE);
}

/** Of tokens from before or after a move, beside the present audience. */
export function checkAcceptedAudiences(values: string[] | undefined, present: string): void {
  const property = 'tokens.acceptedAudiences';
  checkAccepted({ property, what: 'audience', values, present });
  for (const audience of values ?? []) {
    if (Token.isUnresolved(audience)) {
      refuse(property, 'a value known only at deployment', 'literal audiences', 'read the old one out of a token, where it is aud');
    }
    checkPattern(property, audience, AUDIENCE, ALLOWED_AUDIENCE);
  }
}

/** Of tokens from before or after a move, beside the present issuer. */
export function checkAcceptedIssuers(values: string[] | undefined, present: string | undefined): void {
  checkAccepted({ property: 'tokens.acceptedIssuers', what: 'issuer', values, present });
  values?.forEach((issuer) => checkIssuer('tokens.acceptedIssuers', issuer));
}

/** Whether verifiers can compare the issuer with `iss`, and find its metadata. */
export function checkIssuer(property: string, issuer: string | undefined): void {
  if (issuer === undefined || Token.isUnresolved(issuer)) {
    return;
  }
  if (issuer.length > MAX_ISSUER) {
    refuse(property, `a text of ${issuer.length} characters`, `${ALLOWED_ISSUER}, of at most ${MAX_ISSUER} characters`, 'every access token carries it');
  }
  let url: URL;
  try {
    url = new URL(issuer);
  } catch {
    refuse(property, JSON.stringify(issuer), ALLOWED_ISSUER);
  }
  const plain = url.protocol === 'https:' && url.username === '' && url.password === '' && !/[?#\s]/.test(issuer) && !issuer.endsWith('/');
  if (!plain) {
    refuse(property, JSON.stringify(issuer), ALLOWED_ISSUER, 'verifiers compare it byte by byte with iss (RFC 9207, OpenID Connect Discovery 4.3)');
  }
}

function checkAccepted({ property, what, values, present }: Accepted): void {
  if (values === undefined) {
    return;
  }
  checkLiteralList(property, values);
  if (values.length === 0 || values.length > MAX_ACCEPTED) {
    refuse(property, values.length === 0 ? 'an empty list' : `a list of ${values.length}`, `a list of 1 to ${MAX_ACCEPTED} ${what}s`,
      values.length === 0 ? `leave it out if no ${what} but the present one is accepted` : `leave out each ${what} whose last token has expired`);
  }
  checkUnique(property, values);
  if (present !== undefined && values.includes(present)) {
    refuse(property, `a list with ${JSON.stringify(present)}, the present ${what}`, `a list of other ${what}s`, 'the present one is always accepted: list the one before the move, or the one after it');
  }
}
