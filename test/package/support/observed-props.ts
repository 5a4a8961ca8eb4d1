import * as library from 'cdk-auth-service';

interface TypeReference {
  readonly fqn?: string;
  readonly collection?: { readonly elementtype: TypeReference };
}

interface LibraryType {
  readonly kind: string;
  readonly name: string;
  readonly datatype?: boolean;
  readonly interfaces?: readonly string[];
  readonly properties?: readonly { readonly name: string; readonly type: TypeReference }[];
  readonly methods?: readonly { readonly name: string; readonly static?: boolean; readonly parameters?: readonly { readonly type: TypeReference }[] }[];
  readonly members?: readonly { readonly name: string }[];
}

/** What jsii knows of the library. */
export interface LibraryAssembly {
  readonly name: string;
  readonly types: Readonly<Record<string, LibraryType>>;
}

const exported = library as unknown as Readonly<Record<string, Record<string, unknown>>>;

/**
 * Sees which members of which structs, which factories and which values of enums some props are made of: also what is handed to a factory,
 * which no object shows afterwards. So nobody has to remember that a list of examples lacks a new prop.
 */
export class ObservedProps {
  private readonly seen = new Set<string>();
  private readonly wrapped: (() => void)[] = [];
  private depth = 0;

  constructor(private readonly assembly: LibraryAssembly, private readonly root = 'AuthServiceProps') {}

  /** Runs what makes props, and remembers what they are made of. */
  observe(make: () => unknown): void {
    this.wrapFactories();
    try {
      this.walk(make(), { fqn: this.fqn(this.root) });
    } finally {
      for (const restore of this.wrapped.splice(0)) restore();
    }
  }

  /** All there is: `Struct.member`, `Class.factory()`, `Enum.VALUE`, of whatever can be reached from the root. */
  all(): string[] {
    const names: string[] = [];
    for (const type of this.reachable()) {
      if (type.datatype) names.push(...this.propertiesOf(type).map(({ name }) => `${type.name}.${name}`));
      if (type.kind === 'class') names.push(...factoriesOf(type).map(({ name }) => `${type.name}.${name}()`));
      if (type.kind === 'enum') names.push(...(type.members ?? []).map(({ name }) => `${type.name}.${name}`));
    }
    return [...new Set(names)].sort();
  }

  /** What nothing observed so far was made of. */
  missing(): string[] {
    return this.all().filter((name) => !this.seen.has(name));
  }

  private fqn(name: string): string {
    return `${this.assembly.name}.${name}`;
  }

  private reachable(): LibraryType[] {
    const found = new Map<string, LibraryType>();
    const visit = (reference: TypeReference): void => {
      if (reference.collection) visit(reference.collection.elementtype);
      const type = reference.fqn === undefined ? undefined : this.assembly.types[reference.fqn];
      if (type === undefined || found.has(reference.fqn!)) return;
      found.set(reference.fqn!, type);
      if (type.datatype) this.propertiesOf(type).forEach((property) => visit(property.type));
      if (type.kind === 'class') factoriesOf(type).forEach(({ parameters = [] }) => parameters.forEach((parameter) => visit(parameter.type)));
    };
    visit({ fqn: this.fqn(this.root) });
    return [...found.values()];
  }

  private propertiesOf(type: LibraryType): NonNullable<LibraryType['properties']> {
    const inherited = (type.interfaces ?? []).flatMap((fqn) => this.assembly.types[fqn] ?? []);
    return [...type.properties ?? [], ...inherited.flatMap((own) => this.propertiesOf(own))];
  }

  /** Only calls from outside count: what a preset calls by itself is no example of it. */
  private wrapFactories(): void {
    for (const type of this.reachable().filter(({ kind }) => kind === 'class')) {
      const owner = exported[type.name]!;
      for (const { name, parameters = [] } of factoriesOf(type)) {
        const original = owner[name] as (...given: unknown[]) => unknown;
        owner[name] = (...given: unknown[]) => {
          if (this.depth === 0) {
            this.seen.add(`${type.name}.${name}()`);
            parameters.forEach((parameter, index) => this.walk(given[index], parameter.type));
          }
          this.depth += 1;
          try {
            return original.apply(owner, given);
          } finally {
            this.depth -= 1;
          }
        };
        this.wrapped.push(() => {
          owner[name] = original;
        });
      }
    }
  }

  private walk(value: unknown, reference: TypeReference): void {
    if (value === undefined || value === null) return;
    if (reference.collection) {
      for (const entry of value as unknown[]) this.walk(entry, reference.collection.elementtype);
      return;
    }
    const type = reference.fqn === undefined ? undefined : this.assembly.types[reference.fqn];
    if (type?.kind === 'enum') {
      const member = Object.entries(exported[type.name]!).find(([, known]) => known === value);
      if (member) this.seen.add(`${type.name}.${member[0]}`);
    } else if (type?.datatype) {
      for (const { name, type: own } of this.propertiesOf(type)) {
        const given = (value as Record<string, unknown>)[name];
        if (given === undefined) continue;
        this.seen.add(`${type.name}.${name}`);
        this.walk(given, own);
      }
    }
  }
}

function factoriesOf(type: LibraryType): NonNullable<LibraryType['methods']> {
  return (type.methods ?? []).filter((method) => method.static);
}
