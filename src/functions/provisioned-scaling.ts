import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import { ProvisionedConcurrency } from '../policy/provisioned-concurrency';

/**
 * Lets the provisioned concurrency of an alias follow its use or a timetable. The alias itself has no number then: each update of the
 * stack would set it back to that.
 */
export function scale(alias: Alias, provisioned: ProvisionedConcurrency): void {
  if (!provisioned._scales) {
    return;
  }
  const scaling = alias.addAutoScaling({ minCapacity: provisioned._min, maxCapacity: provisioned._max });
  if (provisioned._target !== undefined) {
    scaling.scaleOnUtilization({ utilizationTarget: provisioned._target });
  }
  for (const { days, hour, concurrency } of provisioned._changes ?? []) {
    scaling.scaleOnSchedule(`${days.join('')}${hour}`, {
      schedule: Schedule.cron({ weekDay: days.join(','), hour: String(hour), minute: '0' }),
      timeZone: provisioned._timeZone,
      minCapacity: concurrency,
      maxCapacity: concurrency,
    });
  }
}
