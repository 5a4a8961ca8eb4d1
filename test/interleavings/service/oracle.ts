import type { Answer, Service } from './service';
import type { Request, Tokens } from './requests';
import { authorize, refresh } from './requests';
import type { Stores } from './world';

interface Remembered {
  /** Items that the answer rests on, as they were. */
  readonly rests: ReadonlyMap<string, string>;
  readonly answer: Answer;
}

/**
 * Asks the service itself what would happen now, on a copy of the stores. So an invariant says "would be refreshed" and not what an item
 * looks like. An answer is kept for as long as the items that it rests on are the same.
 */
export class Oracle {
  private readonly known = new Map<string, Remembered[]>();

  constructor(private readonly service: Service) {}

  async ask(stores: Stores, now: number, request: Request): Promise<Answer> {
    const question = `${now} ${JSON.stringify(request)}`;
    const remembered = this.known.get(question) ?? [];
    const same = remembered.find(({ rests }) => [...rests].every(([place, state]) => stateOf(stores, place) === state));
    if (same) return same.answer;
    const rests = new Map<string, string>();
    const copy = stores.copy();
    copy.dynamodb.touched = (table, key) => {
      const place = key === undefined ? table : `${table} ${key}`;
      if (!rests.has(place)) rests.set(place, stateOf(stores, place));
    };
    const answer = await this.service.now('oracle', copy, now, request);
    this.known.set(question, [...remembered, { rests, answer }]);
    return answer;
  }

  /** Whether an API of another team would let the access token in. */
  async accepts(stores: Stores, now: number, accessToken: string): Promise<boolean> {
    return (await this.ask(stores, now, authorize(accessToken))).status === 200;
  }

  async refreshes(stores: Stores, now: number, tokens: Tokens): Promise<boolean> {
    return (await this.ask(stores, now, refresh(tokens))).status === 200;
  }
}

function stateOf(stores: Stores, place: string): string {
  const space = place.indexOf(' ');
  return space < 0 ? stores.dynamodb.tableState(place) : stores.dynamodb.itemState(place.slice(0, space), place.slice(space + 1));
}
