import { AwsCall, CallRecorder } from './types';

const MOST = 20_000;

/** The last calls, in the order in which they ended. */
export class Calls implements CallRecorder {
  private calls: AwsCall[] = [];
  private last = 0;

  constructor(private readonly onCall: (call: AwsCall) => void = () => undefined) {}

  record(call: Omit<AwsCall, 'sequence'>): void {
    this.last += 1;
    const recorded: AwsCall = { sequence: this.last, ...call };
    this.calls.push(recorded);
    // Dropping a tenth at a time keeps a busy instance from copying the list at every call.
    if (this.calls.length > MOST * 1.1) this.calls = this.calls.slice(-MOST);
    this.onCall(recorded);
  }

  list(filter: Parameters<CallRecorder['list']>[0] = {}): AwsCall[] {
    return this.calls.filter((call) =>
      (filter.after === undefined || call.sequence > filter.after)
      && (filter.service === undefined || call.service === filter.service)
      && (filter.operation === undefined || call.operation === filter.operation)
      && (filter.caller === undefined || (call.caller?.startsWith(filter.caller) ?? false))
      && (filter.resource === undefined || (call.resource?.includes(filter.resource) ?? false)));
  }

  clear(): void {
    this.calls = [];
  }
}
