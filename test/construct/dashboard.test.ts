import { AUDIT_EVENTS } from '../../lambda/domain/audit-events';
import { AuthAlarm, AuthMetric } from '../../src';
import { referencesOf } from './support/cycles';
import { resource, resources, synthesize } from './support/synth';

const { template } = synthesize({ serviceName: 'shop' });
const dashboard = resource(template, 'AWS::CloudWatch::Dashboard', 'Auth').Properties;
const widgets: any[] = JSON.parse(plain(dashboard.DashboardBody)).widgets;

/** References as the names of what they point at. */
function plain(value: any): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return value['Fn::Join'][1].map(plain).join('');
  return value.Ref ?? value['Fn::GetAtt'][0];
}

describe('the dashboard', () => {
  test('is read from the top: first what users see, last what it costs', () => {
    expect(widgets.filter(({ type }) => type === 'text').map(({ properties }) => properties.markdown.split('\n')[0])).toEqual([
      '# shop', '## Do users get in?', '## Login', '## Sessions and accounts', '## Who is at the door? Limiter and firewall',
      '## What does it wait for? Tables and keys', '## Functions', '## What does it cost?',
    ]);
    expect(dashboard.DashboardName).toBe('shop');
  });

  test('shows every alarm, the one that wakes somebody up first', () => {
    const [status] = widgets.filter(({ type }) => type === 'alarm');
    expect(status.properties.alarms[0]).toMatch(/^AuthMonitoringAlarmsPaging/);
    expect(status.properties.alarms).toHaveLength(Object.values(AuthAlarm).length - 2 + 1);
  });

  test('fills whole rows', () => {
    const rows = new Map<number, number>();
    for (const { y, width } of widgets) rows.set(y, (rows.get(y) ?? 0) + width);
    expect(new Set(rows.values())).toEqual(new Set([24]));
  });

  test('stays within what CloudWatch draws: 500 metrics a graph, 2500 a dashboard, and a title for each', () => {
    const graphs = widgets.filter(({ type }) => type === 'metric');
    for (const { properties } of graphs) {
      expect(properties.title).toMatch(/^[A-Z0-9]/);
      expect(properties.metrics.length).toBeLessThanOrEqual(500);
    }
    expect(graphs.reduce((sum, { properties }) => sum + properties.metrics.length, 0)).toBeLessThanOrEqual(2500);
  });

  test('knows each metric of the functions, those aside that only an event of its own explains', () => {
    const shown = Object.values(AuthMetric).filter((name) => plain(dashboard.DashboardBody).includes(`"${name}"`));
    expect(Object.values(AuthMetric).filter((name) => !shown.includes(name))).toEqual([AuthMetric.PASSWORD_REHASHED, AuthMetric.HASHING_FALLBACK]);
  });

  test('depends on no stage and no alias', () => {
    const id = Object.keys(resources(template, 'AWS::CloudWatch::Dashboard'))[0]!;
    const types = new Set([...referencesOf({ Stack: template.toJSON() }).get(`Stack/${id}`)!].map((node) => template.toJSON().Resources[node.slice(6)].Type));
    expect(types).toEqual(new Set(['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm', 'AWS::Lambda::Function', 'AWS::DynamoDB::GlobalTable']));
  });
});

describe('LG-01 saved queries', () => {
  const queries = Object.values(resources(template, 'AWS::Logs::QueryDefinition')).map(({ Properties }) => Properties);

  test('stand below the name of the service', () => {
    expect(queries.map(({ Name }) => Name).sort()).toEqual([
      'shop/errors by code', 'shop/failed logins by source', 'shop/memory by function', 'shop/one user by uid', 'shop/refresh reuse', 'shop/slowest requests',
    ]);
  });

  test('ask for events that there are', () => {
    const asked = queries.flatMap(({ QueryString }) => [...QueryString.matchAll(/event (?:=|in) (\[[^\]]+\]|"\w+")/g)].flatMap(([, value]) => value.match(/\w+/g)));
    expect(asked.length).toBeGreaterThan(2);
    for (const event of asked) expect(Object.keys(AUDIT_EVENTS)).toContain(event);
  });

  test('look into the logs of every function, the slowest requests into the access log', () => {
    for (const { Name, LogGroupNames } of queries) {
      expect([Name, LogGroupNames.length]).toEqual([Name, Name === 'shop/slowest requests' ? 1 : Object.keys(resources(template, 'AWS::Lambda::Function')).length]);
    }
  });
});
