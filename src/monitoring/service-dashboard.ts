import { AlarmStatusWidget, Color, Dashboard, GraphWidget, IWidget, TextWidget, TextWidgetBackground } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { GraphSpec, RowOptions, dashboardRows } from './dashboard-rows';
import { ServiceAlarms } from './service-alarms';

/** What the dashboard shows. */
export interface ServiceDashboardProps extends RowOptions {
  readonly serviceName: string;
  readonly alarms?: ServiceAlarms;
  readonly runbookUrl: string;
}

/** The grid of CloudWatch has 24 columns. */
const WIDTH = 24;
const HEIGHT = 6;

/** One page, read from the top: do users get in, who is at the door, what does the service wait for, what does it cost. */
export class ServiceDashboard extends Construct {
  public readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', { dashboardName: props.serviceName });
    this.add(text(`# ${props.serviceName}\nRead it from the top. Each alarm has a heading in the [runbook](${props.runbookUrl}).`, 2), ...alarmStatus(props.alarms));
    for (const { heading, graphs } of dashboardRows(props)) {
      this.add(text(`## ${heading}`, 1));
      this.dashboard.addWidgets(...graphs.map((graph) => widget(graph, WIDTH / graphs.length)));
    }
  }

  private add(...widgets: IWidget[]): void {
    widgets.forEach((one) => this.dashboard.addWidgets(one));
  }
}

function alarmStatus(alarms?: ServiceAlarms): IWidget[] {
  if (!alarms) {
    return [];
  }
  const shown = [...alarms.paging ? [alarms.paging] : [], ...alarms.all];
  return [new AlarmStatusWidget({ title: 'Alarms, the one that wakes somebody up first', alarms: shown, width: WIDTH, height: 4 })];
}

function text(markdown: string, height: number): TextWidget {
  return new TextWidget({ markdown, width: WIDTH, height, background: TextWidgetBackground.TRANSPARENT });
}

function widget({ title, metrics, limit, stacked }: GraphSpec, width: number): GraphWidget {
  return new GraphWidget({
    title,
    left: metrics,
    width,
    height: HEIGHT,
    stacked,
    leftYAxis: { min: 0, showUnits: false },
    leftAnnotations: limit === undefined ? undefined : [{ value: limit, color: Color.RED, label: 'alarm' }],
  });
}
