import { type Curve } from './definition.ts';

/** Three hours in steps of five minutes, with an attack on passwords in the last third. */
export const POINTS = 36;
/** Alarms that such an attack sets off. */
export const IN_ALARM = ['login-failures', 'lockout-surge', 'firewall-blocks'];

const ATTACK = { from: 24, to: 31 };

/** What a metric is on a usual evening, and how much the attack adds. */
type Level = readonly [usual: number, attack?: number];

const FUNCTIONS: Readonly<Record<string, { readonly calls: number; readonly attack?: number; readonly p99: number; readonly mean: number }>> = {
  Register: { calls: 160, p99: 190, mean: 110 },
  Login: { calls: 5400, attack: 6500, p99: 240, mean: 92 },
  Refresh: { calls: 18000, p99: 62, mean: 19 },
  Logout: { calls: 950, p99: 48, mean: 17 },
  Profile: { calls: 9200, p99: 31, mean: 8 },
  Credentials: { calls: 40, p99: 310, mean: 190 },
  Discovery: { calls: 2400, p99: 24, mean: 6 },
  Authorizer: { calls: 31000, p99: 18, mean: 5 },
  RotateKeys: { calls: 0, p99: 0, mean: 0 },
  Admin: { calls: 3, p99: 80, mean: 50 },
};
const TABLES: Readonly<Record<string, { readonly reads: number; readonly writes: number; readonly attack?: number }>> = {
  Users: { reads: 38000, writes: 300, attack: 9000 },
  Sessions: { reads: 18000, writes: 28500 },
  Revocations: { reads: 31000, writes: 1800 },
  Attempts: { reads: 40, writes: 5900, attack: 6400 },
  Tickets: { reads: 5, writes: 8 },
};
const RULES: Readonly<Record<string, Level>> = {
  ALL: [310, 9400], AuthenticationRate: [12, 7300], Rate: [8, 900], BodySize: [3],
  AWSManagedRulesAmazonIpReputationList: [260, 1100], AWSManagedRulesKnownBadInputsRuleSet: [27, 100],
};
const LEVELS: Readonly<Record<string, Level>> = {
  Count: [68000, 16000], '4XXError': [1300, 13800], '5XXError': [2.2, 9],
  LoginSucceeded: [5200], LoginFailed: [260, 3900], LoginLimited: [11, 2600], RefreshSucceeded: [17900], RefreshRefused: [85],
  RegistrationSucceeded: [142], RegistrationRefused: [21], SessionEnded: [930], PasswordChanged: [36], TokenRefused: [170, 60],
  AllowedRequests: [68000, 8000], MemoryUsed: [34, 9], ConcurrentExecutions: [74, 61],
};
const LATENCY: Readonly<Record<string, readonly [all: Level, login: Level]>> = {
  p50: [[11, 4], [98, 12]], p95: [[104, 30], [171, 60]], p99: [[182, 90], [266, 190]],
};
const SINGLE: Readonly<Record<string, number>> = { RefreshReuse: 15, DependencyUnavailable: 9 };

/** Values of a curve; the same at every run. */
export function sampleOf(curve: Curve): number[] {
  const { metricName = '', dimensions } = curve;
  if (metricName === 'SigningKeyAge') return points((index) => 11.2 * 86400 + index * 300);
  if (metricName in SINGLE) return points((index) => index === SINGLE[metricName] ? 1 : 0);
  const level = levelOf(curve);
  const seed = JSON.stringify([metricName, dimensions, curve.stat]);
  return points((index) => {
    const attack = index >= ATTACK.from && index <= ATTACK.to ? Math.sin(Math.PI * (index - ATTACK.from + 0.5) / (ATTACK.to - ATTACK.from + 1)) ** 0.5 : 0;
    const evening = 0.9 + 0.1 * Math.sin(index / 9);
    const value = level[0] * evening * (0.96 + 0.08 * noise(seed, index)) + (level[1] ?? 0) * attack * (0.9 + 0.2 * noise(seed, index + 99));
    return value < 20 && curve.stat === 'Sum' ? Math.round(value) : value;
  });
}

function levelOf({ metricName = '', dimensions, stat = '' }: Curve): Level {
  const fn = FUNCTIONS[dimensions.FunctionName ?? ''];
  if (fn && metricName === 'Invocations') return [fn.calls, fn.attack];
  if (fn && metricName === 'Duration') return stat === 'Sum' ? [fn.calls * fn.mean, (fn.attack ?? 0) * fn.mean] : [fn.p99, fn.attack ? 160 : 0];
  const table = TABLES[dimensions.TableName ?? ''];
  if (table && metricName === 'ConsumedReadCapacityUnits') return [table.reads, table.attack];
  if (table && metricName === 'ConsumedWriteCapacityUnits') return [table.writes, table.writes > 5000 ? table.attack : 0];
  if (table && metricName === 'SuccessfulRequestLatency') return [4.5 + (dimensions.TableName!.length % 4) * 0.7, 0.6];
  if (metricName === 'BlockedRequests') return RULES[dimensions.Rule ?? ''] ?? [0];
  if (metricName === 'Latency') return LATENCY[stat]?.[dimensions.Resource ? 1 : 0] ?? [0];
  return LEVELS[metricName] ?? [0];
}

/** An expression over other curves of the widget, point by point. */
export function evaluate(expression: string, values: Readonly<Record<string, readonly number[]>>): number[] {
  const ids = Object.keys(values);
  const compute = new Function(...ids, `return ${expression};`) as (...numbers: number[]) => number;
  return points((index) => compute(...ids.map((id) => values[id]![index]!)) || 0);
}

function points(value: (index: number) => number): number[] {
  return Array.from({ length: POINTS }, (_, index) => value(index));
}

/** From 0 to 1: FNV-1a, mixed as MurmurHash3 ends. */
function noise(seed: string, index: number): number {
  let hash = 2166136261;
  for (const character of `${seed}:${index}`) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0xffffffff;
}
