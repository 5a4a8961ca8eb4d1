/** A device as its owner recognises it in the list of sessions, made from the User-Agent. At most 64 characters, safe in any output. */

const MAX_LENGTH = 64;
/** Longest header that is looked at. */
const MAX_USER_AGENT = 512;
const UNKNOWN = 'unknown device';

/** The first that matches: browsers name the ones they descend from, so the younger stand first. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

export function deviceLabel(userAgent: string | undefined): string {
  const text = (userAgent ?? '').slice(0, MAX_USER_AGENT);
  const system = SYSTEMS.find(([pattern]) => pattern.test(text))?.[1];
  const program = PROGRAMS.find(([pattern]) => pattern.test(text))?.[1] ?? firstProduct(text);
  const label = [program, system].filter((part) => part !== undefined && part !== '').join(' on ');
  return label === '' ? UNKNOWN : label.slice(0, MAX_LENGTH);
}

/** `my-app` of `my-app/1.2 (...)`; what a browser's first product says (`Mozilla`) tells nobody anything. */
function firstProduct(text: string): string {
  const name = text.replace(/[/(].*$/s, '').replace(/[^A-Za-z0-9 ._-]/g, ' ').replace(/ +/g, ' ').trim();
  return name === 'Mozilla' ? '' : name.slice(0, 40).trim();
}
