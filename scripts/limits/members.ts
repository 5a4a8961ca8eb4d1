/** JSON schemas by name: `#/components/schemas` of docs/openapi.json. */
export type Schemas = Readonly<Record<string, { readonly properties?: Readonly<Record<string, { readonly maxLength?: number }>> }>>;

/** A member of request bodies that has a greatest length of its own. */
export interface Member {
  readonly member: string;
  readonly requests: string;
  readonly longest: number;
}

/** One of each name and length, with the requests that it stands in. */
export function membersWithLimits(schemas: Schemas): Member[] {
  const found = new Map<string, { member: string; longest: number; requests: string[] }>();
  for (const [name, { properties = {} }] of Object.entries(schemas)) {
    if (!name.endsWith('Request')) continue;
    for (const [member, { maxLength }] of Object.entries(properties)) {
      if (maxLength === undefined) continue;
      const entry = found.get(`${member} ${maxLength}`) ?? { member, longest: maxLength, requests: [] };
      entry.requests.push(`\`${name}\``);
      found.set(`${member} ${maxLength}`, entry);
    }
  }
  return [...found.values()].map(({ member, longest, requests }) => ({ member, longest, requests: requests.join(', ') }));
}
