import { Annotations } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AuthFunctionName } from '../contract/functions';
import { AuthServiceProps } from './auth-service-props';
import { AuthFunctionOptions } from './functions';
import { MonitoringOptions } from './monitoring';
import { ProvisionedConcurrency } from './provisioned-concurrency';

/** What is left after a preset and the props have met. */
export interface Outcome {
  readonly monitoring: { readonly alarms: boolean };
  readonly functionOverrides: AuthFunctionOptions[];
}

/** Options of alarms, by name. */
const OF_ALARMS = ['alarmOverrides', 'perFunctionAlarms', 'loginFailures', 'muteWindows'] as const satisfies readonly (keyof MonitoringOptions)[];

/** Says that something does nothing. The same code serves under other presets, so that it is no mistake. */
export function warnOfNoEffect(on: IConstruct, what: string, why: string): void {
  Annotations.of(on).addWarningV2(`cdk-auth-service:noEffect:${what}`, `${what} has no effect: ${why}`);
}

/** Props that a preset leaves without effect, and what of a preset gives way to them. */
export function warnOfWhatHasNoEffect(service: IConstruct, { monitoring, functions, preset }: AuthServiceProps, outcome: Outcome): void {
  if (!outcome.monitoring.alarms) {
    for (const option of OF_ALARMS.filter((name) => isSet(monitoring?.[name]))) {
      warnOfNoEffect(service, `monitoring.${option}`, WITHOUT_ALARMS);
    }
  }
  for (const { name, provisionedConcurrency } of preset?._defaults.functions?.overrides ?? []) {
    const explicit = functions?.overrides?.find((override) => override.name === name);
    if (provisionedConcurrency && explicit?.provisionedConcurrency === undefined && provides(outcome, name) !== provisionedConcurrency) {
      warnOfNoEffect(service, `provisionedConcurrency of ${name}`, 'what the preset provides gives way to the deployment or to the reservedConcurrency that is set for it');
    }
  }
}

/** What to say of alarms where there are none. */
export const WITHOUT_ALARMS = 'this service has no alarms, since monitoring.alarms is false, which AuthPreset.development() sets';

function provides({ functionOverrides }: Outcome, name: AuthFunctionName): ProvisionedConcurrency | undefined {
  return functionOverrides.find((override) => override.name === name)?.provisionedConcurrency;
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}
