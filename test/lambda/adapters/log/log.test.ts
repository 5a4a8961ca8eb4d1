import { AuditLog } from '../../../../lambda/adapters/log/audit-log';
import { JsonLog } from '../../../../lambda/adapters/log/json-log';
import { encodeLine } from '../../../../lambda/adapters/log/line';
import { AsyncRequestScope } from '../../../../lambda/adapters/log/request-scope';
import { auditEvent } from '../../../../lambda/domain/audit-events';
import { UnavailableError } from '../../../../lambda/domain/errors';

const clock = { now: () => Date.UTC(2026, 10, 22, 3, 4, 5, 678) };
const identity = (id: string) => ({ requestId: id, correlationId: `c-${id}`, operation: 'POST /login', sourceIp: '203.0.113.7', userAgent: 'agent/1' });

function start(level: 'error' | 'debug' = 'debug') {
  const lines: string[] = [];
  const scope = new AsyncRequestScope();
  const sink = (line: string): void => { lines.push(line); };
  return { lines, scope, audit: new AuditLog('Shop', clock, scope, sink), log: new JsonLog('Shop', level, clock, scope, sink), documents: () => lines.map((line) => JSON.parse(line)) };
}

describe('LG-01 audit log', () => {
  test('one line an event, in one schema', async () => {
    const { audit, scope, lines, documents } = start();
    await scope.run(identity('r1'), async () => audit.record(auditEvent('login_succeeded', { uid: 'u1', session: 'h1' })));
    expect(lines[0]).toMatch(/^[\x20-\x7e]+\n$/);
    expect(documents()).toEqual([{
      type: 'audit',
      time: '2026-11-22T03:04:05.678Z',
      level: 'INFO',
      service: 'Shop',
      event: 'login_succeeded',
      outcome: 'success',
      request_id: 'r1',
      correlation_id: 'c-r1',
      operation: 'POST /login',
      source_ip: '203.0.113.7',
      user_agent: expect.stringMatching(/^[\w-]{16}$/),
      uid: 'u1',
      session: 'h1',
      Service: 'Shop',
      LoginSucceeded: 1,
      _aws: {
        Timestamp: clock.now(),
        CloudWatchMetrics: [{ Namespace: 'CdkAuthService', Dimensions: [['Service']], Metrics: [{ Name: 'LoginSucceeded', Unit: 'Count' }] }],
      },
    }]);
  });

  test('an event without metrics is no metric document', () => {
    const { audit, documents } = start();
    audit.record(auditEvent('profile_changed'));
    expect(documents()[0]).not.toHaveProperty('_aws');
    expect(documents()[0]).not.toHaveProperty('Service');
  });

  test('concurrent requests in one process keep their own identity', async () => {
    const { audit, scope, documents } = start();
    let release = (): void => undefined;
    const both = new Promise<void>((resolve) => { release = resolve; });
    let waiting = 0;
    await Promise.all(['a', 'b', 'c'].map((id) => scope.run(identity(id), async () => {
      waiting += 1;
      if (waiting === 3) release();
      await both;
      expect(scope.recorded()).toBe(false);
      audit.record({ event: 'login_failed', outcome: 'failure', uid: id });
      await Promise.resolve();
      expect(scope.recorded()).toBe(true);
    })));
    for (const document of documents()) expect(document.request_id).toBe(document.uid);
    expect(scope.recorded()).toBe(false);
  });

  test('a stream that is gone harms no request', () => {
    const broken = (): never => { throw new Error('EPIPE'); };
    const scope = new AsyncRequestScope();
    new AuditLog('Shop', clock, scope, broken).record(auditEvent('login_failed'));
    new JsonLog('Shop', 'debug', clock, scope, broken).error('x');
  });
});

describe('LG-03 T36 injection', () => {
  test.each([
    ['\n{"event":"login_succeeded"}'],
    ['\u001b[31mred\u001b[0m'],
    ['\u009b31m'],
    ['\u2028\u2029\u0085\u007f\u202e\ufeff'],
    ['%0d%0a'],
    ['\ud800'],
  ])('%j stays one line of printable ASCII', (text) => {
    const line = encodeLine({ reason: text, [text]: 1 });
    expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    expect(JSON.parse(line).reason).toBe(text);
  });
});

describe('operational log', () => {
  test('respects the level', () => {
    const { log, lines } = start('error');
    log.warn('w');
    log.info('i');
    log.debug('d');
    log.error('e');
    expect(lines).toHaveLength(1);
  });

  test('LG-02 an error keeps its name and frames and loses what it quotes', () => {
    const { log, lines, documents } = start();
    const syntax = (() => { try { JSON.parse('canary-1'); return undefined; } catch (error) { return error; } })();
    log.error('bad', new UnavailableError('users', syntax));
    log.error('bad', new Error('no user ada@canary-2.example with $argon2id$v=19$canary-3 and eyJhbGciOiJ.canary-4.x and rt1.kv.canary-5.0.m'));
    log.error('bad', 'canary-6');
    expect(lines.join('')).not.toContain('canary');
    expect(documents()[0].error).toMatchObject({ name: 'UnavailableError', code: 'unavailable', dependency: 'users', message: 'unavailable', cause: { name: 'SyntaxError' } });
    expect(documents()[0].error.stack[0]).toMatch(/^at /);
    expect(documents()[1].error.message).toBe('no user [address] with [hash] and [token] and [token]');
    expect(documents()[2].error).toEqual({ name: 'string' });
  });
});
