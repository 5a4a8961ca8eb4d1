import { Evaluate, numberOf, orderOf, Parser, QueryError, Row, Value } from './expression';

/** One row of a result: values by the name that the query gave them. */
export type ResultRow = Readonly<Record<string, Value>>;

interface Table {
  readonly rows: readonly Row[];
  /** Names to show, and how each is had; undefined: the timestamp and the message. */
  readonly shown?: readonly Column[];
}

interface Column {
  readonly name: string;
  readonly value: Evaluate;
}

type Command = (table: Table) => Table;

const MOST_ROWS = 10_000;
const BY_DEFAULT: readonly Column[] = ['@timestamp', '@message'].map((name) => ({ name, value: (row) => row(name) }));

const COMMANDS: Readonly<Record<string, (parser: Parser) => Command>> = {
  fields: (parser) => {
    const added = columns(parser);
    return (table) => ({ rows: table.rows.map((row) => withColumns(row, added)), shown: [...table.shown ?? [], ...added] });
  },
  display: (parser) => {
    const shown = columns(parser);
    return ({ rows }) => ({ rows, shown });
  },
  filter: (parser) => {
    const holds = parser.expression();
    return (table) => ({ ...table, rows: table.rows.filter((row) => holds(row) === true) });
  },
  stats: (parser) => stats(parser),
  sort: (parser) => sort(parser),
  limit: (parser) => {
    const most = Number(parser.next('number', 'a number of rows'));
    return (table) => ({ ...table, rows: table.rows.slice(0, most) });
  },
  dedup: (parser) => {
    const by = columns(parser);
    return (table) => {
      const seen = new Set<string>();
      return { ...table, rows: table.rows.filter((row) => isNew(seen, JSON.stringify(by.map(({ value }) => value(row) ?? null)))) };
    };
  },
};

/** Runs a query of CloudWatch Logs Insights over lines. Throws a `QueryError` for what it does not know. */
export function runQuery(queryString: string, lines: readonly Row[]): ResultRow[] {
  const commands = partsOf(queryString).map(commandOf);
  const { rows, shown = BY_DEFAULT } = commands.reduce((table, command) => command(table), { rows: lines } as Table);
  return rows.slice(0, MOST_ROWS).map((row) => Object.fromEntries(shown.map(({ name, value }) => [name, value(row)])));
}

/** Parts between bars that stand in no text, name or pattern. */
function partsOf(queryString: string): string[] {
  const uncommented = queryString.replaceAll(/^\s*#.*$/gm, '');
  return (uncommented.match(/(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|like\s+\/(?:[^/\\]|\\.)*\/|\|\||[^|])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

function commandOf(part: string): Command {
  const [, name = '', rest = ''] = /^(\w+)\b([\s\S]*)$/.exec(part) ?? [];
  const read = Object.hasOwn(COMMANDS, name.toLowerCase()) ? COMMANDS[name.toLowerCase()] : undefined;
  if (!read) throw new QueryError(`the command ${JSON.stringify(name || part)} is not available in the local instance; there are ${Object.keys(COMMANDS).join(', ')}`);
  const parser = new Parser(rest);
  const command = read(parser);
  if (!parser.atEnd) throw parser.unexpected('the end of the command');
  return command;
}

/** `a, b as c, d + 1 as e`: a field goes by its own name. */
function columns(parser: Parser): Column[] {
  const found: Column[] = [];
  do {
    const start = parser.position;
    const value = parser.expression();
    const text = parser.textSince(start);
    found.push({ name: parser.take('as') ? parser.next('name', 'a name') : text, value });
  } while (parser.take(','));
  return found;
}

function withColumns(row: Row, added: readonly Column[]): Row {
  const values = new Map(added.map(({ name, value }) => [name, value(row)]));
  return (field) => (values.has(field) ? values.get(field) : row(field));
}

type Aggregate = (values: readonly Value[], rows: readonly Row[]) => Value;

const numbers = (values: readonly Value[]) => values.map((value) => (typeof value === 'boolean' ? Number(value) : numberOf(value))).filter((value) => !Number.isNaN(value));
const sum = (values: readonly Value[]) => numbers(values).reduce((total, value) => total + value, 0);
const present = (values: readonly Value[]) => values.filter((value) => value !== undefined);

/** The value of the line whose time is the last (or first) of those that have one. */
const byTime = (direction: 1 | -1): Aggregate => (values, rows) => {
  let best: number | undefined;
  values.forEach((value, index) => {
    const time = (at: number) => numberOf(rows[at]!('@timestamp')) * direction;
    if (value !== undefined && (best === undefined || time(index) >= time(best))) best = index;
  });
  return best === undefined ? undefined : values[best];
};

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count: (values) => present(values).length,
  count_distinct: (values) => new Set(present(values).map(String)).size,
  sum,
  avg: (values) => { const all = numbers(values); return all.length === 0 ? undefined : sum(values) / all.length; },
  min: (values) => present(values).sort(orderOf)[0],
  max: (values) => present(values).sort(orderOf).at(-1),
  latest: byTime(1),
  earliest: byTime(-1),
};

interface Aggregated {
  readonly name: string;
  readonly of: (rows: readonly Row[]) => Value;
}

function stats(parser: Parser): Command {
  const aggregates: Aggregated[] = [];
  do aggregates.push(aggregate(parser)); while (parser.take(','));
  const by = parser.take('by') ? columns(parser) : [];
  return ({ rows }) => {
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
      const key = JSON.stringify(by.map(({ value }) => value(row) ?? null));
      groups.set(key, [...groups.get(key) ?? [], row]);
    }
    const shown = [...by.map(({ name }) => name), ...aggregates.map(({ name }) => name)].map((name) => ({ name, value: (row: Row) => row(name) }));
    return {
      shown,
      rows: [...groups.values()].map((members) => {
        const values = new Map<string, Value>([
          ...by.map(({ name, value }) => [name, value(members[0]!)] as const), ...aggregates.map(({ name, of }) => [name, of(members)] as const),
        ]);
        return (field) => values.get(field);
      }),
    };
  };
}

function aggregate(parser: Parser): Aggregated {
  const start = parser.position;
  const name = parser.next('name', 'an aggregate such as count(*)');
  const run = Object.hasOwn(AGGREGATES, name) ? AGGREGATES[name] : undefined;
  if (!run) throw new QueryError(`the aggregate ${name} is not available in the local instance; there are ${Object.keys(AGGREGATES).join(', ')}`);
  parser.expect('(');
  const star = parser.take('*');
  const value: Evaluate = star ? () => 1 : parser.expression();
  parser.expect(')');
  const text = parser.textSince(start);
  return { name: parser.take('as') ? parser.next('name', 'a name') : text, of: (rows) => run(rows.map(value), rows) };
}

function sort(parser: Parser): Command {
  const keys: { value: Evaluate; direction: number }[] = [];
  do {
    const value = parser.expression();
    keys.push({ value, direction: parser.take('desc') ? -1 : (parser.take('asc'), 1) });
  } while (parser.take(','));
  return (table) => ({ ...table, rows: [...table.rows].sort((left, right) => {
    for (const { value, direction } of keys) {
      const order = orderOf(value(left), value(right)) * direction;
      if (order !== 0) return order;
    }
    return 0;
  }) });
}

function isNew(seen: Set<string>, key: string): boolean {
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
