import { spawnSync } from 'node:child_process';
import { BLOCKS, PREAMBLE, Run, runWith } from './support/runbook';

/** How `aws` can go wrong, each for every call. */
const WRONG: readonly [name: string, stub: string][] = [
  ['fails', 'echo "Could not connect to the endpoint URL" >&2; exit 255'],
  ['is denied', 'echo "An error occurred (AccessDeniedException) when calling $2: not authorized" >&2; exit 254'],
  ['prints nothing', 'exit 0'],
  ['finds nothing, as text', 'echo None'],
  ['finds nothing, as JSON', 'echo null'],
  ['answers an empty list', 'echo "[]"'],
  ['is an older version that knows no such command', 'echo "Invalid choice" >&2; exit 252'],
];

/** An `aws` that goes well up to a point: `answers` are patterns of `case` over the arguments. */
const well = (answers: string): string => `
case "$*" in
  ${answers}
  *list-functions*) echo '["the-function"]' ;;
  *describe-query-definitions*) echo '{"queryString":"fields @timestamp","logGroupNames":["one","two"]}' ;;
  *start-query*) echo the-query ;;
  *get-query-results*) echo '{"status":"Complete","results":[[{"field":"attempts","value":"7"},{"field":"@ptr","value":"x"}]]}' ;;
  *get-function-configuration*) echo the-value ;;
  *get-alias*) echo 7 ;;
  *list-versions-by-function*) echo '["5","6","7"]' ;;
  *"lambda invoke"*) echo '{"ok":true}' > "\${@: -1}" ;;
  *describe-secret*) echo 0 ;;
  *) exit 0 ;;
esac`;

const CHANGES = /^(update|put|delete|publish|enable|disable|start-rotation|invoke)/;

/** Changes that were asked for with an argument that the commands before did not find. */
const blindChanges = ({ calls }: Run) => calls.filter((call) => CHANGES.test(call[1] ?? '') && call.some((word) => ['', ':live', 'null', 'None', 'None:live'].includes(word)));

const blocks = BLOCKS.filter((block) => block !== PREAMBLE).map(({ heading, text }) => [heading, text] as const);

test('the runbook has a block under every heading of an alarm', () => {
  expect(blocks.length).toBeGreaterThan(20);
});

describe.each(WRONG)('GIVEN an aws that %s', (_name, stub) => {
  test.each(blocks)('the block of %s ends and changes nothing blindly', (_heading, text) => {
    const run = runWith(stub, text);
    expect(run.status).not.toBeNull();
    expect(blindChanges(run)).toEqual([]);
    expect(run.calls.length).toBeLessThan(30);
  });
});

describe('GIVEN an aws that answers', () => {
  test.each(blocks)('the block of %s runs through, and says nothing of an error', (_heading, text) => {
    const run = runWith(well(''), text);
    expect(run.status).not.toBeNull();
    expect(run.stderr).toBe('');
    if (text.includes('aws ')) expect(run.calls.length).toBeGreaterThan(0);
  });

  test.each([
    ['a query that runs for ever', '*get-query-results*) echo \'{"status":"Running"}\' ;;', 'no result in two minutes'],
    ['a query that fails', '*get-query-results*) echo \'{"status":"Failed"}\' ;;', 'did not end well'],
    ['a query that somebody cancels', '*get-query-results*) echo \'{"status":"Cancelled"}\' ;;', 'did not end well'],
    ['a query in a state that nobody knows yet', '*get-query-results*) echo \'{"status":"Unknown"}\' ;;', 'did not end well'],
    ['a query whose results are denied', '*get-query-results*) exit 254 ;;', ''],
    ['an answer that is no JSON', '*get-query-results*) echo "<html>" ;;', 'did not end well'],
    ['a query that cannot be started', '*start-query*) exit 254 ;;', ''],
    ['a service of another name', '*describe-query-definitions*) echo null ;;', 'there is no query shop/errors by code'],
  ])('ask ends with a failure: %s', (_name, answers, told) => {
    const run = runWith(well(answers), 'ask "errors by code"');
    expect([run.status, run.stdout]).toEqual([expect.any(Number), '']);
    expect(run.status).not.toBe(0);
    expect(run.stderr).toContain(told);
    expect(run.sleeps).toBeLessThanOrEqual(60);
  });

  test('ask waits for a query that takes its time', () => {
    const slow = well('*get-query-results*) if [ -e seen ]; then echo \'{"status":"Complete","results":[[{"field":"n","value":"1"}]]}\'; else touch seen; echo \'{"status":"Running"}\'; fi ;;');
    expect(runWith(slow, 'ask "errors by code"')).toMatchObject({ status: 0, stdout: '{"n":"1"}\n', sleeps: 1 });
  });

  test('ask prints a row a line', () => {
    expect(runWith(well(''), 'ask "errors by code" 3')).toMatchObject({ status: 0, stdout: '{"attempts":"7"}\n' });
  });

  test('a rotation that hangs, and a distribution that does not settle, end the loop over three rotations', () => {
    const { text } = BLOCKS.find((block) => block.text.includes('for turn in'))!;
    for (const answers of ['*describe-secret*) echo 1 ;;', '*describe-secret*) exit 254 ;;', '*"cloudfront wait"*) exit 255 ;;', '*"lambda invoke"*) echo \'{"ok":false}\' > "${@: -1}" ;;']) {
      const run = runWith(well(answers), text);
      expect(run.status).not.toBeNull();
      expect(run.stderr).toContain('the first rotation did not come to its end');
      expect(run.calls.filter((call) => call[1] === 'invoke')).toHaveLength(1);
    }
    expect(runWith(well(''), text).calls.filter((call) => call[1] === 'invoke')).toHaveLength(3);
  });

  test('back goes to the version before, and nowhere when there is none', () => {
    expect(runWith(well(''), 'back login').calls.at(-1)).toEqual(['lambda', 'update-alias', '--function-name', 'login', '--name', 'live', '--function-version', '6']);
    const first = runWith(well('*list-versions-by-function*) echo \'["7"]\' ;;'), 'back login');
    expect([first.status, first.stderr]).toEqual([1, 'no version to go back to\n']);
    expect(first.calls.some((call) => call[1] === 'update-alias')).toBe(false);
  });

  test('fn refuses what two services have', () => {
    const run = runWith(well('*list-functions*) echo \'["one","two"]\' ;;'), 'fn Administers');
    expect([run.status, run.stdout, run.stderr]).toEqual([1, '', 'not one function of shop begins with \'Administers\': account, Region, SERVICE?\n']);
  });

  test('admin sends who asks and why, and fails when the action was refused', () => {
    const asked = runWith(well(''), 'OPERATOR=mike REASON="ticket 7"; admin \'{"action":"unlock","email":"a@example.com"}\'');
    const call = asked.calls.at(-1)!;
    expect(asked.status).toBe(0);
    expect(JSON.parse(call[call.indexOf('--payload') + 1]!)).toEqual({ action: 'unlock', email: 'a@example.com', operator: 'mike', reason: 'ticket 7' });
    const refused = runWith(well('*"lambda invoke"*) echo \'{"ok":false,"error":{"code":"not_found"}}\' > "${@: -1}" ;;'), 'admin \'{"action":"find"}\'');
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('not_found');
  });
});

test('every block is valid shell', () => {
  for (const { heading, text } of BLOCKS) expect([heading, spawnSync('bash', ['-n', '-c', text], { encoding: 'utf8' }).stderr]).toEqual([heading, '']);
});
