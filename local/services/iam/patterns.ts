const compiled = new Map<string, RegExp>();
const MOST = 2000;

/** `*` stands for any text, `?` for one character, as in actions, resources and StringLike. */
export function matchesPattern(pattern: string, text: string, ignoreCase = false): boolean {
  const key = `${ignoreCase ? 'i' : 's'}${pattern}`;
  let expression = compiled.get(key);
  if (!expression) {
    if (compiled.size >= MOST) compiled.clear();
    const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^]*').replaceAll('?', '[^]');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
    compiled.set(key, expression);
  }
  return expression.test(text);
}
