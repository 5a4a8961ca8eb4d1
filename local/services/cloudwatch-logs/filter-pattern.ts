import { Parser, QueryError, Row } from './expression';

/**
 * Whether a line fits a filter pattern of CloudWatch Logs: `{ $.event = "x" && $.status != 2* }` over JSON, or terms that all stand
 * in the text (`?a ?b`: one of them, `-a`: not that one). Throws a `QueryError` for what it does not know.
 */
export function filterPattern(pattern: string): (row: Row) => boolean {
  const text = pattern.trim();
  if (text.startsWith('{')) {
    if (!text.endsWith('}')) throw new QueryError('a pattern that begins with { must end with }');
    const parser = new Parser(text.slice(1, -1), true);
    const holds = parser.expression();
    if (!parser.atEnd) throw parser.unexpected('the end of the pattern');
    return (row) => row('@json') === true && holds(row) === true;
  }
  if (text.startsWith('[')) throw new QueryError('patterns of space-delimited logs are not available in the local instance');
  const terms = [...text.matchAll(/([?-]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign = '', quoted, bare]) => ({ sign, term: quoted ?? bare ?? '' }));
  const of = (wanted: string) => terms.filter(({ sign }) => sign === wanted).map(({ term }) => term);
  const [all, any, none] = [of(''), of('?'), of('-')];
  return (row) => {
    const message = String(row('@message'));
    const has = (term: string) => message.includes(term);
    return all.every(has) && !none.some(has) && (any.length === 0 || any.some(has));
  };
}
