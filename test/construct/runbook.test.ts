import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuthAlarm } from '../../src';
import { resource, resources, synthesize } from './support/synth';

const page = (name: string) => readFileSync(join(__dirname, '..', '..', 'docs', name), 'utf8');
const runbook = page('runbook.md');
const { template } = synthesize({ serviceName: 'shop', monitoring: { serviceLevels: {}, perFunctionAlarms: true } });
const alarms = Object.values(resources(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

/** Text below each heading of the second level. */
const sections = new Map(runbook.split(/^## /m).slice(1).map((section) => [section.slice(0, section.indexOf('\n')), section.slice(section.indexOf('\n'))] as const));
/** What happens at a deployment and not at night: no alarm leads there. */
const DEPLOYMENTS = ['The first deployment failed', 'Deploy again after a destroy', 'A new account'];
const headings = [...sections.keys()].filter((heading) => heading !== 'Before you begin' && !DEPLOYMENTS.includes(heading));
const anchors = [...headings, ...DEPLOYMENTS.map((heading) => heading.toLowerCase().replaceAll(' ', '-'))];

describe('docs/runbook.md', () => {
  test('has one heading an alarm', () => {
    expect(headings.sort()).toEqual(Object.values(AuthAlarm).sort());
  });

  test.each([...Object.values(AuthAlarm), ...DEPLOYMENTS])('%s: what it means, what to look at, what to do, the exact command', (heading) => {
    expect(sections.get(heading)).toMatch(/^\n\n\*\*Means\.\*\* .+\n\n\*\*Look at\.\*\* .+\n\n\*\*Do\.\*\* .+\n\n```sh\n.+```\n/s);
  });

  test('every alarm links to a heading that is there', () => {
    for (const { AlarmDescription } of alarms) {
      const [, link, anchor] = /(https:\S+\/docs\/runbook\.md)#(\S+)$/.exec(AlarmDescription)!;
      expect(link).toBe('https://github.com/cdk-auth-service/cdk-auth-service/blob/main/docs/runbook.md');
      expect(headings).toContain(anchor);
    }
  });

  test('links to its own headings only where there are such', () => {
    for (const [, anchor] of runbook.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor);
  });

  test('a company\'s own runbook takes its place', () => {
    const own = synthesize({ monitoring: { runbookUrl: 'https://wiki.example.com/auth' } }).template;
    for (const { Properties } of Object.values(resources(own, 'AWS::CloudWatch::Alarm'))) expect(Properties.AlarmDescription).toMatch(/https:\/\/wiki\.example\.com\/auth#[a-z0-9-]+$/);
  });

  test('names only rows of the dashboard and saved queries that exist', () => {
    const dashboard = JSON.stringify(resource(template, 'AWS::CloudWatch::Dashboard', 'Auth').Properties.DashboardBody);
    for (const [, row] of runbook.matchAll(/[Rr]ow \*([^*]+)\*/g)) expect(dashboard).toContain(`## ${row!.replace(/\s+/g, ' ')}`);
    const queries = Object.values(resources(template, 'AWS::Logs::QueryDefinition')).map(({ Properties }) => Properties.Name.replace('shop/', ''));
    const named = [...runbook.matchAll(/(?:[Qq]uery `|^ask ")([^`"]+)[`"]/gm)].map(([, name]) => name!.replace(/\s+/g, ' '));
    expect(named.filter((name) => !queries.includes(name))).toEqual([]);
    expect(new Set(named).size).toBe(queries.length);
  });

  test('asks the functions by descriptions that they have', () => {
    const descriptions = Object.values(resources(template, 'AWS::Lambda::Function')).map(({ Properties }) => String(Properties.Description));
    const asked = [...runbook.matchAll(/\(fn "?([A-Z][^")]*)"?\)/g)].map(([, start]) => start!);
    expect(asked.length).toBeGreaterThan(10);
    for (const start of asked) expect(descriptions.filter((description) => description.startsWith(start))).toHaveLength(1);
  });

  test('has commands that a shell understands', () => {
    for (const [, block] of runbook.matchAll(/```sh\n(.*?)```/gs)) execFileSync('bash', ['-n'], { input: block });
  });
});

describe('docs/monitoring.md', () => {
  const rows = new Map([...page('monitoring.md').matchAll(/^\| ([a-z0-9-]+) \|[^|]*\| ([\d.]+) \|[^|]*\| (yes)? ?\| (\d+)/gm)].map(([, alarm, ...cells]) => [alarm!, cells] as const));
  const rule = JSON.stringify(resource(template, 'AWS::CloudWatch::CompositeAlarm', 'Auth').Properties.AlarmRule);

  test.each(Object.values(AuthAlarm))('%s: threshold, whether it pages, number of metrics', (kind) => {
    const [threshold, pages, metrics] = rows.get(kind)!;
    const alarm = alarms.find(({ AlarmName }) => AlarmName === `shop-${kind}`)!;
    const band = /ANOMALY_DETECTION_BAND\(\w+, ([\d.]+)\)/.exec(JSON.stringify(alarm.Metrics));
    expect(Number(threshold)).toBe(alarm.Threshold ?? Number(band![1]));
    // An anomaly is billed as three: the metric and both edges of the band.
    expect(Number(metrics)).toBe(band ? 3 : alarm.Metrics?.filter((entry: { MetricStat?: unknown }) => entry.MetricStat).length ?? 1);
    const id = kind.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
    expect(pages === 'yes').toBe(rule.includes(`AuthMonitoringAlarms${id}`));
  });
});
