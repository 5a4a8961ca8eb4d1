type Defined<T> = Partial<{ [K in keyof T]: NonNullable<T[K]> }>;

/** Members that are set; other languages hand unset ones over as undefined. */
export function defined<T extends object>(struct: T | undefined): Defined<T> {
  return Object.fromEntries(Object.entries(struct ?? {}).filter(([, value]) => value !== undefined && value !== null)) as Defined<T>;
}

/** The explicit members over those of a layer below. */
export function merge<T extends object>(below: T | undefined, explicit: T | undefined): Defined<T> {
  return { ...defined(below), ...defined(explicit) };
}

/** The same for entries of two lists that are about the same thing. */
export function mergeEntries<T extends object, K extends keyof T>(key: K, below: T[] = [], explicit: T[] = []): T[] {
  const untouched = below.filter((entry) => explicit.every((other) => other[key] !== entry[key]));
  return [...untouched, ...explicit.map((entry) => ({ ...entry, ...merge(below.find((other) => other[key] === entry[key]), entry) }))];
}
