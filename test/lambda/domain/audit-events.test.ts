import { GaugeUnits, Metrics } from '../../../src/contract/metrics';
import { AUDIT_EVENTS, auditEvent } from '../../../lambda/domain/audit-events';

test('LG-01 every event has a snake-case name, an outcome and metrics of the service', () => {
  for (const [name, { outcome, metrics }] of Object.entries(AUDIT_EVENTS)) {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(['success', 'failure']).toContain(outcome);
    expect(Object.values(Metrics)).toEqual(expect.arrayContaining([...metrics]));
  }
});

test('every metric of the service that is no level is raised by some event', () => {
  const raised = new Set(Object.values(AUDIT_EVENTS).flatMap((definition) => [...definition.metrics]));
  expect([...raised].sort()).toEqual(Object.values(Metrics).filter((name) => !(name in GaugeUnits)).sort());
});

test('LG-01 an event carries its outcome, its metrics and what it was given', () => {
  expect(auditEvent('refresh_reuse', { uid: 'u', session: 'h', reason: 'generation' })).toEqual({
    event: 'refresh_reuse',
    outcome: 'failure',
    metrics: ['RefreshReuse'],
    uid: 'u',
    session: 'h',
    reason: 'generation',
  });
  expect(auditEvent('profile_changed')).toEqual({ event: 'profile_changed', outcome: 'success', metrics: [] });
});
