import { brotliDecompressSync } from 'node:zlib';
import { COMMON_PASSWORDS } from './common-password-list';

let unpacked: ReadonlySet<string> | undefined;

/** Whether the whole password, without regard to case, is one of the embedded list (ASVS 6.2.4). Expects a normalised password. */
export function isCommonPassword(password: string): boolean {
  return commonPasswords().has(password.toLowerCase());
}

/** The embedded list, lower case. Unpacked at the first question: most calls of most functions never ask. */
export function commonPasswords(): ReadonlySet<string> {
  unpacked ??= new Set(unpack(brotliDecompressSync(Buffer.from(COMMON_PASSWORDS, 'base64')).toString('latin1')));
  return unpacked;
}

/** The entries of a front-coded list: a capital letter says how many characters an entry shares with the one before. */
function unpack(text: string): string[] {
  let previous = '';
  return (text.match(/[A-Z][^A-Z]*/g) ?? []).map((entry) => {
    previous = previous.slice(0, entry.charCodeAt(0) - 65) + entry.slice(1);
    return previous;
  });
}
