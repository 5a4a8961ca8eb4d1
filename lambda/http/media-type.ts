/** RFC 9110 section 5.6.2. */
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const SPACE = /[ \t]*/y;
/** Section 5.6.4: any text but control characters, a backslash before whatever is quoted. */
const QUOTED = /"(?:[\t !#-[\]-~\u0080-\uffff]|\\[\t -~\u0080-\uffff])*"/y;

/**
 * Essence of a media type in any spelling that RFC 9110 allows (sections 8.3.1 and 5.6.6): case, white space around semicolons, empty
 * parameters, quoted values, parameters that nobody knows. `undefined` for anything else, for lists, and for a charset other than UTF-8.
 */
export function mediaTypeOf(header: string | undefined): string | undefined {
  const text = new Scanner(header ?? '');
  text.take(SPACE);
  const type = text.take(TOKEN);
  const subtype = text.skip('/') ? text.take(TOKEN) : '';
  if (type === '' || subtype === '') return undefined;
  for (text.take(SPACE); text.skip(';'); text.take(SPACE)) {
    text.take(SPACE);
    const name = text.take(TOKEN);
    if (name === '') continue;
    const value = text.skip('=') ? text.take(TOKEN) || text.take(QUOTED) : '';
    // Without a value it is no parameter; an empty one is in quotes.
    if (value === '' || (name.toLowerCase() === 'charset' && unquoted(value).toLowerCase() !== 'utf-8')) return undefined;
  }
  return text.ended ? `${type}/${subtype}`.toLowerCase() : undefined;
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/gs, '$1') : value;
}

/** Reads on from where it stands; what does not match is empty. */
class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  get ended(): boolean {
    return this.at === this.text.length;
  }

  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.text) ?? [''];
    this.at += found.length;
    return found;
  }

  skip(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}
