import { COMMON_WORDS } from './common-words';
import { commonPasswords } from './common-passwords';
import { goesOn } from './simple-passwords';

/*
 * What an attacker tries after the lists themselves: their entries put together, with a sequence, a year, a repetition or a few characters. So a
 * password is taken apart into such pieces in the cheapest way, and each piece costs as many bits as there are guesses for it.
 */

/** A password that costs less is found in 2^36 guesses: four listed words, or one, a sequence and four characters of one's own are dearer. */
const LEAST_BITS = 36;
const BITS = { word: 10, sequence: 6, year: 7, repetition: 5, digit: 4, ascii: 5, other: 8 } as const;

const SHORTEST_WORD = 2;
const LONGEST_WORD = 40;
const SHORTEST_SEQUENCE = 4;
const SHORTEST_REPETITION = 3;
const YEAR = /^(?:19|20)\d\d$/;

/** Characters that stand for one another, each group as its first. */
const LOOK_ALIKES = ['o0', 'i1l!|', 'e3€', 'a4@', 's5$', 't7+', 'b8', 'g69', 'z2', 'c('];
const UNDONE = new Map(LOOK_ALIKES.flatMap((group) => [...group].map((character) => [character, group[0]!] as const)));

let words: ReadonlySet<string> | undefined;

/** Without regard to case and look-alikes: what is equal after this looks alike before. As many characters as there were. */
export function withoutLookAlikes(characters: readonly string[]): string[] {
  return characters.map((character) => {
    const lower = character.toLowerCase();
    return UNDONE.get(lower) ?? lower;
  });
}

/**
 * Whether a password consists of listed passwords, common words, sequences, years and repetitions, and at most a few further characters. Expects
 * what of a normalised password can be seen. The work grows with the square of the length, which is bounded.
 */
export function isPredictablePassword(password: string): boolean {
  return cheapest([...password]) < LEAST_BITS;
}

/** Bits of the cheapest way to put the characters together. */
function cheapest(characters: readonly string[]): number {
  const pieces = [wordsFrom(characters), sequencesFrom(characters), repetitionsFrom(characters), yearsFrom(characters)];
  const bits = new Array<number>(characters.length + 1).fill(0);
  for (let start = characters.length - 1; start >= 0; start -= 1) {
    bits[start] = bitsOf(characters[start]!) + bits[start + 1]!;
    for (const { cost, ends } of pieces) {
      for (const end of ends(start)) bits[start] = Math.min(bits[start]!, cost + bits[end]!);
    }
  }
  return bits[0]!;
}

/** Of a character by itself. */
function bitsOf(character: string): number {
  if (/\p{Nd}/u.test(character)) return BITS.digit;
  return character <= '~' ? BITS.ascii : BITS.other;
}

/** One kind of piece: what it costs, and where those that begin at `start` end. */
interface Pieces {
  readonly cost: number;
  readonly ends: (start: number) => readonly number[];
}

/** Forwards and backwards. */
function wordsFrom(characters: readonly string[]): Pieces {
  const known = words ??= new Set([...COMMON_WORDS, ...commonPasswords()].map((word) => withoutLookAlikes([...word]).join('')));
  const undone = withoutLookAlikes(characters);
  return {
    cost: BITS.word,
    ends: (start) => upTo(start + SHORTEST_WORD, Math.min(start + LONGEST_WORD, undone.length)).filter((end) => {
      const piece = undone.slice(start, end);
      return known.has(piece.join('')) || known.has(piece.reverse().join(''));
    }),
  };
}

/** Also two that take turns, as in `1q2w3e4r`. */
function sequencesFrom(characters: readonly string[]): Pieces {
  const lower = characters.map((character) => character.toLowerCase());
  const endOf = (start: number, turns: number): number => {
    let end = start + turns;
    while (end < lower.length && goesOn(lower[end - turns]!, lower[end]!)) end += 1;
    return end;
  };
  return {
    cost: BITS.sequence,
    ends: (start) => [...upTo(start + SHORTEST_SEQUENCE, endOf(start, 1)), ...upTo(start + 2 * SHORTEST_SEQUENCE, endOf(start, 2))],
  };
}

/** What was there before. */
function repetitionsFrom(characters: readonly string[]): Pieces {
  const undone = withoutLookAlikes(characters);
  const alike = (start: number, before: number): number => {
    let length = 0;
    while (start + length < undone.length && undone[start + length] === undone[before + length]) length += 1;
    return length;
  };
  return {
    cost: BITS.repetition,
    ends: (start) => upTo(start + SHORTEST_REPETITION, start + Math.max(0, ...upTo(0, start - 1).map((before) => alike(start, before)))),
  };
}

function yearsFrom(characters: readonly string[]): Pieces {
  return { cost: BITS.year, ends: (start) => (YEAR.test(characters.slice(start, start + 4).join('')) ? [start + 4] : []) };
}

/** `from` to `to`, both included. */
function upTo(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
