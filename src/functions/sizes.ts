import { Duration, Size } from 'aws-cdk-lib';
import { AuthFunctionName } from '../contract/functions';
import { Settings } from '../policy/settings';
import { checkDuration, refuse } from '../policy/validation';

/** Memory, time-out and description of one function. */
export interface FunctionSize {
  readonly memory: Size;
  readonly timeout: Duration;
  readonly description: string;
}

const HASHING = Size.mebibytes(1024);
const OTHER = Size.mebibytes(512);

/** Hashing is pure computing, and processor time is given out by memory; everything else waits for the network. */
const DEFAULTS: Readonly<Record<AuthFunctionName, FunctionSize>> = {
  [AuthFunctionName.REGISTER]: { memory: HASHING, timeout: Duration.seconds(10), description: 'Creates accounts' },
  [AuthFunctionName.LOGIN]: { memory: HASHING, timeout: Duration.seconds(10), description: 'Verifies passwords and opens sessions' },
  [AuthFunctionName.REFRESH]: { memory: OTHER, timeout: Duration.seconds(4), description: 'Rotates refresh tokens' },
  [AuthFunctionName.LOGOUT]: { memory: OTHER, timeout: Duration.seconds(10), description: 'Ends and lists sessions, revokes tokens' },
  [AuthFunctionName.PROFILE]: { memory: OTHER, timeout: Duration.seconds(10), description: 'Reads, changes and deletes profiles' },
  [AuthFunctionName.CREDENTIALS]: { memory: HASHING, timeout: Duration.seconds(10), description: 'Changes passwords' },
  [AuthFunctionName.DISCOVERY]: { memory: OTHER, timeout: Duration.seconds(10), description: 'Publishes keys, discovery document and health' },
  [AuthFunctionName.AUTHORIZER]: { memory: OTHER, timeout: Duration.seconds(5), description: 'Verifies access tokens' },
  [AuthFunctionName.ROTATE_KEYS]: { memory: OTHER, timeout: Duration.minutes(2), description: 'Makes, rotates and publishes keys' },
  [AuthFunctionName.ADMIN]: { memory: OTHER, timeout: Duration.seconds(30), description: 'Administers users and keys; invoked with IAM permission only' },
};

/** Functions that make tokens: what they began before a revocation may still come out until they time out. */
const ISSUERS = [AuthFunctionName.LOGIN, AuthFunctionName.REFRESH, AuthFunctionName.CREDENTIALS];

/** Sizes by function. Throws when a refresh could outlast the grace that its retry needs. */
export function sizesOf(settings: Settings): (name: AuthFunctionName) => FunctionSize {
  const grace = settings.tokens.concurrentRefreshGrace;
  const override = (name: AuthFunctionName) => settings.functionOverrides.find((candidate) => candidate.name === name);
  checkRefreshTimeout(override(AuthFunctionName.REFRESH)?.timeout, grace);
  checkDuration('functions.overrides: timeout of rotate-keys', override(AuthFunctionName.ROTATE_KEYS)?.timeout, DEFAULTS[AuthFunctionName.ROTATE_KEYS].timeout, Duration.minutes(15),
    'a deployment with new signing keys waits in it until every verifier knows them');
  return (name) => {
    const defaults = name === AuthFunctionName.REFRESH
      ? { ...DEFAULTS[name], timeout: defaultRefreshTimeout(grace) }
      : DEFAULTS[name];
    return { ...defaults, memory: override(name)?.memory ?? defaults.memory, timeout: override(name)?.timeout ?? defaults.timeout };
  };
}

/** Time-out of the slowest function that makes tokens. */
export function longestTimeout(sizes: (name: AuthFunctionName) => FunctionSize): Duration {
  const timeouts = ISSUERS.map((name) => sizes(name).timeout);
  return timeouts.find((timeout) => timeout.isUnresolved())
    ?? timeouts.reduce((longest, timeout) => timeout.toSeconds() > longest.toSeconds() ? timeout : longest);
}

function defaultRefreshTimeout(grace: Duration): Duration {
  const standard = DEFAULTS[AuthFunctionName.REFRESH].timeout;
  if (grace.isUnresolved() || grace.toSeconds() === 0) {
    return standard;
  }
  return Duration.seconds(Math.min(standard.toSeconds(), Math.ceil(grace.toSeconds() / 2) - 1));
}

/** A client that lost the answer asks again when the time-out is over; that second request has to fall into the grace. */
function checkRefreshTimeout(timeout: Duration | undefined, grace: Duration): void {
  if (timeout === undefined || timeout.isUnresolved() || grace.isUnresolved() || grace.toSeconds() === 0) {
    return;
  }
  if (timeout.toSeconds() * 2 >= grace.toSeconds()) {
    refuse('functions.overrides: timeout of refresh', timeout.toHumanString(), `less than half of tokens.concurrentRefreshGrace (${grace.toHumanString()})`,
      'raise the grace or lower the timeout: the retry of a client that lost an answer must not look like theft');
  }
}
