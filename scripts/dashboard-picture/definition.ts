import { createRequire } from 'node:module';

/** One curve as CloudWatch reads it from a dashboard: an expression over others, or a metric. */
export interface Curve {
  readonly id?: string;
  readonly label: string;
  readonly visible: boolean;
  readonly color?: string;
  readonly expression?: string;
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat?: string;
}

export interface Widget {
  readonly type: 'text' | 'alarm' | 'metric';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly markdown: string;
  /** Names of alarms, without that of the service. */
  readonly alarms: readonly string[];
  readonly curves: readonly Curve[];
  readonly stacked: boolean;
  readonly limit?: number;
}

type Json = any;

/** The dashboard of a service named like this, as the compiled construct puts it into a template. */
export function dashboardOf(serviceName: string): Widget[] {
  const require = createRequire(import.meta.url);
  const { App, Stack } = require('aws-cdk-lib');
  const { Template } = require('aws-cdk-lib/assertions');
  const { AuthService } = require('../../lib');
  const stack = new Stack(new App(), 'Stack');
  new AuthService(stack, 'Auth', { serviceName });
  const resources: Record<string, Json> = Template.fromStack(stack).toJSON().Resources;
  const dashboard = Object.values(resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard')!;
  const body = JSON.parse(text(dashboard.Properties.DashboardBody, resources));
  return body.widgets.map((widget: Json) => toWidget(widget, serviceName));
}

/** What CloudFormation would make of it, with names of resources in the place of what only a deployment knows. */
function text(value: Json, resources: Record<string, Json>): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return value['Fn::Join'][1].map((part: Json) => text(part, resources)).join(value['Fn::Join'][0]);
  if (value['Fn::GetAtt']) return resources[value['Fn::GetAtt'][0]].Properties.AlarmName;
  if (value.Ref === 'AWS::Region') return 'eu-central-1';
  if (typeof value.Ref === 'string') return value.Ref.replace(/^Auth(?:Functions|Tables)/, '').replace(/(?:Function)?[0-9A-F]{8}$/, '');
  throw new Error(`the dashboard holds ${JSON.stringify(value)}`);
}

function toWidget({ type, x, y, width, height, properties }: Json, serviceName: string): Widget {
  return {
    type, x, y, width, height,
    title: properties.title ?? '',
    markdown: properties.markdown ?? '',
    alarms: (properties.alarms ?? []).map((name: string) => name.replace(`${serviceName}-`, '')),
    curves: curvesOf(properties.metrics ?? []),
    stacked: properties.stacked === true,
    limit: properties.annotations?.horizontal?.[0]?.value,
  };
}

/** A dot repeats what the line above has at that place, three dots all of it. */
function curvesOf(rows: Json[]): Curve[] {
  let above: string[] = [];
  return rows.map((row) => {
    const options = typeof row.at(-1) === 'object' ? row.at(-1) : {};
    const told: string[] = row.filter((part: Json) => typeof part === 'string');
    const names = told[0] === '...' ? [...above.slice(0, above.length - told.length + 1), ...told.slice(1)] : told.map((part, index) => part === '.' ? above[index]! : part);
    if (options.expression === undefined) above = names;
    const [namespace, metricName, ...pairs] = names;
    const dimensions = Object.fromEntries(pairs.flatMap((name, index) => index % 2 === 0 ? [[name, pairs[index + 1]!]] : []));
    return {
      id: options.id, label: options.label ?? metricName ?? '', visible: options.visible !== false, color: options.color, expression: options.expression, namespace, metricName,
      dimensions, stat: options.stat ?? 'Average',
    };
  });
}
