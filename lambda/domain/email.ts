import { domainToASCII, domainToUnicode } from 'node:url';
import { Limits } from '../../src/contract/limits';

/** RFC 5322 dot-atom: no quoted local part, which some mailers parse into another recipient. */
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** Two labels or more of letters, digits and inner hyphens, the last one not a number: no address literal, no trailing dot. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
// Printable ASCII without the space.
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * The one form of an e-mail address that identifies an account, or undefined when the address is not accepted.
 *
 * The ASCII check comes before any mapping: lower-casing U+212A KELVIN SIGN gives `k`, NFKC turns full-width letters into ASCII,
 * and either would merge two people's accounts (ASVS 1.1.1, T20). So an international domain is accepted in its `xn--` form only,
 * and only if UTS-46 leaves that form as it is. Idempotent.
 */
export function canonicalEmail(raw: string): string | undefined {
  if (raw.length > Limits.EMAIL_BYTES || !PRINTABLE_ASCII.test(raw)) {
    return undefined;
  }
  const address = raw.toLowerCase();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (at < 1 || local.length > Limits.EMAIL_LOCAL_PART_BYTES || !LOCAL_PART.test(local) || !DOMAIN.test(domain)) {
    return undefined;
  }
  return isUts46Domain(domain) ? address : undefined;
}

/** Whether every `xn--` label stands for something, and for nothing that is spelled otherwise. */
function isUts46Domain(domain: string): boolean {
  const unicode = domainToUnicode(domain);
  return domainToASCII(unicode) === domain && !/(?:^|\.)xn--/.test(unicode);
}

/** The part before the `@` of a canonical address. */
export function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}
