/** Placeholders of an expression. */
export type Names = Readonly<Record<string, string>>;

const WORDS: ReadonlySet<string> = new Set(['SET', 'REMOVE', 'ADD', 'DELETE', 'AND', 'OR', 'NOT', 'BETWEEN', 'IN']);

/** A path, or a function before its parenthesis; a value (`:now`) is none. */
const PATH = /(?<![\w#:.[\]])([#A-Za-z_][\w#]*)((?:\.[#\w]+|\[\d+\])*)\s*(\(?)/g;

/** Top-level attributes that an expression names: `#a.b[0]` names what `#a` stands for. */
export function attributesOf(expression: string, names: Names): string[] {
  const found = [...expression.matchAll(PATH)].filter(([, word = '', , call]) => call !== '(' || WORDS.has(word.toUpperCase()));
  return [...new Set(found.map(([, word = '']) => word).filter((word) => word.startsWith('#') || !WORDS.has(word.toUpperCase())).map((word) => names[word] ?? word))];
}
