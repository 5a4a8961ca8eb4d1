/** RFC 9110 section 5.6.2. */
const TOKEN = "[!#$%&'*+\\-.^`|~\\w]+";
/** Section 5.6.4: any text but control characters, a backslash before whatever is quoted. */
const QUOTED = '"(?:[^"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]|\\\\[\\t -\\uffff])*"';
/** Section 5.6.6: what follows a semicolon may be missing. No white space can be read in two ways, so that reading takes linear time. */
const PARAMETER = `;(?:[ \\t]*(${TOKEN})=(${TOKEN}|${QUOTED}))?`;
const PARAMETERS = new RegExp(PARAMETER, 'g');
const MEDIA_TYPE = new RegExp(`^[ \\t]*(${TOKEN}/${TOKEN})((?:[ \\t]*${PARAMETER})*)[ \\t]*$`);

/**
 * Essence of a media type in any spelling that RFC 9110 section 8.3.1 allows: case, white space around semicolons, empty parameters, quoted
 * values, parameters that nobody knows. `undefined` for anything else, for lists, and for a charset other than UTF-8.
 */
export function mediaTypeOf(header = ''): string | undefined {
  const [, essence, parameters = ''] = MEDIA_TYPE.exec(header) ?? [];
  for (const [, name, value = ''] of parameters.matchAll(PARAMETERS)) {
    if (name?.toLowerCase() === 'charset' && !/^(?:utf-8|"utf-8")$/i.test(value.replace(/\\(.)/g, '$1'))) return undefined;
  }
  return essence?.toLowerCase();
}
