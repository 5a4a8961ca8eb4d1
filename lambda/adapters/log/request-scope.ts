import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
import { RequestIdentity, RequestScope } from '../../ports/request-scope';
import { scrub } from './describe-error';

interface Current {
  readonly identity: RequestIdentity;
  recorded: boolean;
}

/** The fields that tie a line to its request. */
export interface ScopeFields {
  readonly request_id?: string;
  readonly correlation_id?: string;
  readonly operation?: string;
  readonly source_ip?: string;
  readonly user_agent?: string;
  readonly operator?: string;
  readonly operator_reason?: string;
}

/** One instance a process: concurrent requests each see their own identity. */
export class AsyncRequestScope implements RequestScope {
  private readonly storage = new AsyncLocalStorage<Current>();

  /** @param afterwards what is to happen at the end of each request, whatever came of it */
  constructor(private readonly afterwards: () => void = () => undefined) {}

  run<T>(identity: RequestIdentity, work: () => Promise<T>): Promise<T> {
    return this.storage.run({ identity, recorded: false }, work).finally(this.afterwards);
  }

  recorded(): boolean {
    return this.storage.getStore()?.recorded ?? false;
  }

  markRecorded(): void {
    const current = this.storage.getStore();
    if (current) current.recorded = true;
  }

  fields(): ScopeFields {
    const identity = this.storage.getStore()?.identity;
    if (!identity) return {};
    return {
      request_id: identity.requestId,
      correlation_id: identity.correlationId,
      operation: identity.operation,
      ...(identity.sourceIp === undefined ? {} : { source_ip: identity.sourceIp }),
      ...(identity.userAgent === undefined ? {} : { user_agent: hashOf(identity.userAgent) }),
      ...(identity.operator === undefined ? {} : { operator: identity.operator }),
      // A sentence that people write: it may name the user by the address.
      ...(identity.operatorReason === undefined ? {} : { operator_reason: scrub(identity.operatorReason) }),
    };
  }
}

/** Enough to see that two requests came from the same software; whoever wrote the header writes nothing into the log. */
function hashOf(userAgent: string): string {
  return hash('sha256', userAgent, 'base64url').slice(0, 16);
}
