import { CfnAlarmMuteRule } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { MuteWindow } from '../policy/mute-windows';
import { ServiceAlarms } from './service-alarms';

/** What is muted, and when. */
export interface MutedTimesProps {
  readonly serviceName: string;
  readonly windows: MuteWindow[];
  readonly alarms: ServiceAlarms;
}

/** Alarms go on watching while they are muted: the dashboard and the history show what they saw. */
export class MutedTimes extends Construct {
  constructor(scope: Construct, id: string, props: MutedTimesProps) {
    super(scope, id);
    const { all, paging } = props.alarms;
    const names = [...all, ...paging ? [paging] : []].map(({ alarmName }) => alarmName);
    const rules = props.windows.map((window, index) => new CfnAlarmMuteRule(this, `Window${index + 1}`, {
      name: `${props.serviceName}-mute-${index + 1}`,
      description: `Nobody is told of alarms of ${props.serviceName}`,
      rule: { schedule: { expression: window._expression, duration: window._duration.toIsoString(), timezone: window._timeZone ?? 'UTC' } },
      muteTargets: { alarmNames: names },
    }));
    // By their names it would not wait for them.
    rules.forEach((rule) => rule.node.addDependency(props.alarms));
  }
}
