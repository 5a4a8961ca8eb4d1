import { AuthAlarm } from '../policy/alarms';
import { ResolvedMonitoring } from '../policy/monitoring';
import { AuthRoute } from '../policy/routes';

/** Alarms on the time that a login takes. */
const OF_LOGINS = [AuthAlarm.LOGIN_LATENCY_P99, AuthAlarm.LOGIN_LATENCY_P95];

/**
 * Routes whose metrics API Gateway is to publish one by one. CloudWatch bills each as five or six metrics of its own, so that only what an alarm, an
 * objective or the dashboard reads is published; what concerns the whole API comes without.
 */
export function detailedRoutes({ alarms, alarmOverrides, dashboard, serviceLevels }: ResolvedMonitoring): AuthRoute[] {
  const watched = alarms && OF_LOGINS.some((alarm) => !alarmOverrides.some((override) => override.alarm === alarm && override.enabled === false));
  return watched || dashboard || serviceLevels !== undefined ? [AuthRoute.LOGIN] : [];
}
