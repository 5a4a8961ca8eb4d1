import { memoryStores } from '../../lambda/support/world';
import { MemoryTables } from '../../../lambda/adapters/memory';
import { CALLS } from './calls';
import { firstDifference, sequenceOf, shortened } from './sequence';

/*
 * The suites of the ports say what both implementations hold; this finds what they do not say. Use cases are tested over the memory, and
 * run over DynamoDB.
 */

const SEQUENCES = 200;
const LENGTH = 80;
const PARTS = 4;

const parts = Array.from({ length: PARTS }, (_, part) => part);

test.each(parts)('the stores in memory and those over DynamoDB answer alike and hold the same, part %i', async (part) => {
  for (let seed = part; seed < SEQUENCES; seed += PARTS) {
    const steps = sequenceOf(seed, LENGTH);
    const difference = await firstDifference(steps);
    if (!difference) continue;
    const shortest = await shortened(steps, difference);
    const { memory, dynamodb } = (await firstDifference(shortest))!;
    const calls = shortest.map(({ name, now, text }) => `${new Date(now).toISOString()} ${name} ${text}`);
    const answers = [`memory: ${JSON.stringify(memory)}`, `DynamoDB: ${JSON.stringify(dynamodb)}`];
    throw new Error([`seed ${seed}: the last of these calls tells them apart`, ...calls, ...answers].join('\n  '));
  }
});

test('every method of every store is among the calls', () => {
  const { publishedKeys: _, ...stores } = memoryStores(new MemoryTables());
  const methods = Object.entries(stores).flatMap(([store, implementation]) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(implementation)).filter((method) => method !== 'constructor').map((method) => `${store}.${method}`));
  expect(methods.sort()).toEqual(Object.keys(CALLS).sort());
});
