import {
  CloudWatchLogsClient, DescribeLogGroupsCommand, DescribeQueryDefinitionsCommand, FilterLogEventsCommand, GetQueryResultsCommand, StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LoggedLine } from '../../../local/services/types';
import { ServicesBench, settings, startServices } from './support/services';

const START = Date.UTC(2026, 10, 27, 12);
const lines: LoggedLine[] = [];

function wrote(logGroup: string, logStream: string, line: object | string): void {
  const sequence = lines.length + 1;
  const document = typeof line === 'string' ? {} : { document: line as Record<string, unknown> };
  lines.push({ sequence, time: START + sequence * 1000, logGroup, logStream, text: typeof line === 'string' ? line : JSON.stringify(line), ...document });
}

for (const [source_ip, user_agent, event] of [
  ['192.0.2.1', 'curl', 'login_failed'], ['192.0.2.1', 'wget', 'login_failed'], ['192.0.2.1', 'curl', 'login_limited'], ['192.0.2.9', 'curl', 'login_failed'], ['192.0.2.9', 'curl', 'login_succeeded'],
]) wrote('login', 'a', { type: 'audit', event, source_ip, user_agent });
wrote('login', 'a', { type: 'log', level: 'ERROR', message: 'a dependency gave no answer', error: { name: 'TimeoutError', code: 'ETIMEDOUT' }, dependency: 'dynamodb', request_id: 'r1' });
wrote('login', 'b', { type: 'log', level: 'ERROR', message: 'a dependency gave no answer', error: { name: 'TimeoutError', code: 'ETIMEDOUT' }, dependency: 'dynamodb', request_id: 'r2' });
wrote('login', 'a', { type: 'gauge', function: 'login', MemoryUsed: 40.5 });
wrote('login', 'b', { type: 'gauge', function: 'login', MemoryUsed: 9 });
wrote('access', 'local', { method: 'POST', resourcePath: '/login', responseLatency: '120' });
wrote('access', 'local', { method: 'GET', resourcePath: '/me', responseLatency: '35' });
wrote('login', 'a', 'Task timed out after 3.00 seconds');

let bench: ServicesBench;
let client: CloudWatchLogsClient;
beforeAll(async () => {
  bench = await startServices({ lines: () => lines });
  client = new CloudWatchLogsClient(settings(bench.services));
  await bench.create('AWS::Logs::LogGroup', { LogGroupName: 'login' }, 'Login');
  await bench.create('AWS::Logs::LogGroup', {}, 'Empty');
  await bench.create('AWS::Logs::QueryDefinition', { Name: 'shop/errors by code', QueryString: 'fields @message', LogGroupNames: ['login'] }, 'Query');
});
afterAll(async () => {
  client.destroy();
  await bench.services.stop();
});

const HOUR = { startTime: START / 1000, endTime: START / 1000 + 3600 };

async function ask(queryString: string, logGroupNames = ['login'], window = HOUR): Promise<Record<string, string>[]> {
  const { queryId } = await client.send(new StartQueryCommand({ ...window, logGroupNames, queryString }));
  const { status, results = [] } = await client.send(new GetQueryResultsCommand({ queryId: queryId! }));
  expect(status).toBe('Complete');
  return results.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value])) as Record<string, string>);
}

describe('the saved queries of a service', () => {
  test('failed logins by source', async () => {
    expect(await ask('filter type = "audit" and event in ["login_failed", "login_limited"]\n| stats count(*) as attempts, sum(event = "login_limited") as limited, count_distinct(user_agent) as agents by source_ip\n| sort attempts desc\n| limit 100'))
      .toEqual([{ source_ip: '192.0.2.1', attempts: '3', limited: '1', agents: '2' }, { source_ip: '192.0.2.9', attempts: '1', limited: '0', agents: '1' }]);
  });

  test('errors by code', async () => {
    expect(await ask('filter type = "log" and level = "ERROR"\n| stats count(*) as errors, latest(request_id) as request by message, error.name, error.code, dependency, operation\n| sort errors desc'))
      .toEqual([{ 'message': 'a dependency gave no answer', 'error.name': 'TimeoutError', 'error.code': 'ETIMEDOUT', 'dependency': 'dynamodb', 'errors': '2', 'request': 'r2' }]);
  });

  test('memory by function', async () => {
    expect(await ask('filter type = "gauge" and ispresent(MemoryUsed)\n| stats max(MemoryUsed) as percent, count_distinct(@logStream) as containers by function\n| sort percent desc'))
      .toEqual([{ function: 'login', percent: '40.5', containers: '2' }]);
  });

  test('slowest requests', async () => {
    expect(await ask('fields @timestamp, method, resourcePath, responseLatency\n| sort responseLatency desc\n| limit 1', ['access']))
      .toEqual([{ '@timestamp': '2026-11-27 12:00:10.000', 'method': 'POST', 'resourcePath': '/login', 'responseLatency': '120' }]);
  });
});

test.each([
  ['filter @message like /timed out/ | display @message', [{ '@message': 'Task timed out after 3.00 seconds' }]],
  ['filter source_ip = "192.0.2.9" and not (event = "login_failed" or event = "other") | fields event', [{ event: 'login_succeeded' }]],
  ['# a comment\nfilter MemoryUsed > 9 | fields MemoryUsed * 2 - 1 as twice', [{ twice: '80' }]],
  ['stats count(*) by bin(1h)', [{ 'bin(1h)': String(START), 'count(*)': '10' }]],
  ['fields toupper(event) as name | filter name like "LIMITED" | display name', [{ name: 'LOGIN_LIMITED' }]],
  ['filter ispresent(event) | dedup source_ip | fields source_ip', [{ source_ip: '192.0.2.1' }, { source_ip: '192.0.2.9' }]],
  ['filter event = "a|b"', []],
])('%s', async (query, rows) => {
  expect(await ask(query)).toEqual(rows);
});

test('only the groups and the hours that are asked for; a query without columns shows time and message', async () => {
  expect(await ask('filter event = "login_limited"', ['login'], { startTime: START / 1000 + 4, endTime: START / 1000 + 9 })).toEqual([]);
  const [first] = await ask('filter event = "login_limited"', ['login', 'access']);
  expect(first).toEqual({ '@timestamp': '2026-11-27 12:00:03.000', '@message': lines[2]!.text });
});

test.each([
  ['parse @message "x" as y', /^the command "parse" is not available in the local instance; there are fields, display, filter, stats/],
  ['stats pct(a, 9) as p', /^the aggregate pct is not available/],
  ['filter abs(', /^expected a field, a value or "\(", got the end/],
  ['fields a b', /^expected the end of the command, got "b"/],
  ['filter a = ~', /is not understood$/],
  ['constructor a', /^the command "constructor" is not available/],
])('what is not known is refused by name: %s', async (query, message) => {
  await expect(ask(query)).rejects.toMatchObject({ name: 'MalformedQueryException', message: expect.stringMatching(message) });
});

describe('FilterLogEvents', () => {
  const filter = async (filterPattern: string, logGroupName = 'login') =>
    ((await client.send(new FilterLogEventsCommand({ logGroupName, filterPattern }))).events ?? []).map(({ message }) => message);

  test.each([
    ['{ $.event = "login_limited" }', 1],
    ['{ $.type = "au*" && $.event != "login_failed" }', 2],
    ['{ $.error.code = "ETIMEDOUT" || $.MemoryUsed > 40 }', 3],
    ['timed -nothing', 1],
    ['"timed out"', 1],
    ['?timed ?login_limited', 2],
    ['', 10],
  ])('%s', async (pattern, count) => {
    expect(await filter(pattern)).toHaveLength(count);
  });

  test('an unknown group and a pattern that is not understood are refused', async () => {
    await expect(filter('', 'nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(filter('{ $.a = ')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

test('groups and saved queries are listed by prefix', async () => {
  expect((await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'log' }))).logGroups).toMatchObject([{ logGroupName: 'login', storedBytes: expect.any(Number) }]);
  expect((await client.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: 'shop/err' }))).queryDefinitions)
    .toMatchObject([{ name: 'shop/errors by code', queryString: 'fields @message', logGroupNames: ['login'] }]);
  expect((await client.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: 'other' }))).queryDefinitions).toEqual([]);
});
