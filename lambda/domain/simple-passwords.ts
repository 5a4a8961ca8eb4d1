/** A password of fewer different characters, or whose runs are shorter on average, may be more than a pattern. */
const FEW_CHARACTERS = 4;
const LONG_RUN = 4;
/** Neighbours on keyboards (QWERTY, QWERTZ, AZERTY, Dvorak, Cyrillic), unshifted and shifted, columns of the first, and where sequences begin anew. */
const ROWS = [
  '`1234567890-=', 'qwertyuiop[]\\', 'asdfghjkl;\'', 'zxcvbnm,./', '~!@#$%^&*()_+', 'asdfghjkl:"', 'zxcvbnm<>?',
  'qwertzuiopü', 'asdfghjklöä', 'yxcvbnm,.-', '!"§$%&/()=?', 'azertyuiop', 'qsdfghjklmù', 'wxcvbn,;:!', 'pyfgcrl', 'aoeuidhtns', 'qjkxbmwvz',
  'йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбю', '1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik,', '9ol.', '0p;/', 'za', '90',
];
const NEIGHBOURS = new Set(ROWS.flatMap((row) => {
  const keys = [...row];
  return keys.slice(1).flatMap((key, index) => [keys[index]! + key, key + keys[index]!]);
}));
/** Spaces, controls, formats, unassigned, fillers, and the one letter of Braille without a dot. */
const INVISIBLE = /[\p{Z}\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** What of a password can be seen. */
export function visible(password: string): string {
  return password.replace(INVISIBLE, '');
}

/**
 * Whether a password is no more than a pattern: at most four different characters, nothing that can be seen, one unit again and again, or
 * sequences (alphabets and digits of any script, rows of keyboards) forwards or backwards, whatever the case. What cannot be seen counts for
 * nothing. Expects a normalised password.
 */
export function isSimplePassword(password: string): boolean {
  const characters = [...visible(password).toLowerCase()];
  // `hello1hello2` and `!hellohello!` are what `hellohello` is.
  const letters = characters.filter((character) => /\p{L}/u.test(character));
  return new Set(characters).size <= FEW_CHARACTERS
    || repeatsUnit(characters)
    || (letters.length >= characters.length / 2 && repeatsUnit(letters))
    // Sequences that take turns, `a1b2c3d4` and `1q2w3e4r`, are sequences.
    || [1, 2, 3].some((turns) => runsOf(characters, turns) * LONG_RUN <= characters.length);
}

/** Whether it is one unit twice or more, the last time perhaps not to its end. */
function repeatsUnit(characters: readonly string[]): boolean {
  for (let unit = 1; unit <= characters.length / 2; unit += 1) {
    if (characters.every((character, index) => index < unit || character === characters[index - unit])) return true;
  }
  return false;
}

/** Of how many runs of equal or neighbouring characters it consists, when each `turns`-th character goes on with one. */
function runsOf(characters: readonly string[], turns: number): number {
  return characters.filter((character, index) => index < turns || !goesOn(characters[index - turns]!, character)).length;
}

/** Whether two characters, in lower case, are equal or follow each other in an alphabet or on a keyboard. */
export function goesOn(one: string, next: string): boolean {
  return Math.abs(one.codePointAt(0)! - next.codePointAt(0)!) <= 1 || NEIGHBOURS.has(one + next);
}
