import { IncomingMessage, ServerResponse } from 'node:http';
import { programsOnly } from '../loopback/admission';
import { LoopbackServer } from '../loopback/server';
import { Calls } from './calls';
import { ChargedError } from './charged-error';
import { AwsError, accessDenied, notImplemented } from './errors';
import { AppliedFault, FaultRules } from './faults';
import { accessKeyIdOf, answerJsonError, readBody, signedServiceOf } from './http';
import { ParsedRequest, parseRequest } from './protocols';
import { AwsService, Permission, ServiceAnswer } from './service';
import { Principal } from './types';

export interface EndpointOptions {
  readonly port: number;
  readonly now: () => number;
  readonly services: readonly AwsService[];
  readonly faults: FaultRules;
  readonly calls: Calls;
  /** The principal behind an access key id; undefined: nobody known, and nothing is refused. */
  readonly principalOf?: (accessKeyId: string) => Principal | undefined;
  /** The message of the refusal when one of the permissions is missing. */
  readonly refusalOf?: (principal: Principal, permission: Permission) => string | undefined;
  readonly front?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

type Target = { readonly service: string; readonly operation: string; readonly caller?: string; readonly resource?: string };

/** One HTTP port that answers the AWS APIs. Only ever bound to the loopback interface. */
export class Endpoint {
  private readonly server: LoopbackServer;
  private readonly services: ReadonlyMap<string, AwsService>;
  private listening = '';

  constructor(private readonly options: EndpointOptions) {
    this.services = new Map(options.services.map((service) => [service.name, service]));
    this.server = new LoopbackServer((request, response) => {
      if (options.front?.(request, response)) return;
      void this.handle(request, response);
    }, {
      admission: programsOnly,
      // Longer than any client keeps an idle connection: otherwise a request now and then meets a closing one.
      http: { keepAliveTimeout: 120_000, headersTimeout: 125_000 },
    });
  }

  /** An address, which costs the functions' clients no look-up of a name. */
  get url(): string {
    return this.listening;
  }

  async start(): Promise<void> {
    await this.server.listen(this.options.port);
    this.listening = `http://127.0.0.1:${this.server.port}`;
  }

  stop(): Promise<void> {
    const stopped = this.server.stop();
    // Calls held by a fault would keep the port open for ever.
    this.options.faults.remove();
    return stopped;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const time = this.options.now();
    let parsed: ParsedRequest | undefined;
    try {
      parsed = parseRequest(request, await readBody(request));
      if (!parsed) throw notImplemented(signedServiceOf(request) ?? 'this service', `${request.method} ${request.url?.split('?')[0]}`);
    } catch (error) {
      if (error instanceof AwsError) answerJsonError(response, error, 'application/x-amz-json-1.1');
      else request.destroy();
      return;
    }

    const principal = this.principalOf(request);
    const service = this.services.get(parsed.service);
    const resource = service && tolerant(() => service.resourceOf(parsed.operation, parsed.input));
    const target: Target = {
      service: parsed.service,
      operation: parsed.operation,
      ...(principal ? { caller: principal.logicalId } : {}),
      ...(resource ? { resource } : {}),
    };
    const outcome = await this.answer(response, parsed, service, principal, target);
    const trace = request.headers['x-amzn-trace-id'];
    this.options.calls.record({
      time,
      ...target,
      ...(typeof trace === 'string' ? { trace } : {}),
      ...outcome,
      durationMs: performance.now() - started,
    });
  }

  private principalOf(request: IncomingMessage): Principal | undefined {
    const accessKeyId = accessKeyIdOf(request);
    return accessKeyId === undefined ? undefined : this.options.principalOf?.(accessKeyId);
  }

  private async answer(
    response: ServerResponse,
    parsed: ParsedRequest,
    service: AwsService | undefined,
    principal: Principal | undefined,
    target: Target,
  ): Promise<Answered> {
    let fault: AppliedFault | undefined;
    try {
      if (!service) throw notImplemented(parsed.service, parsed.operation);
      if (principal) this.authorize(service, principal, parsed);
      fault = this.options.faults.take(target);
      if (fault && await beforeCall(fault, response, service, parsed)) return { status: 0, fault: fault.id };
      const answer = await service.call(parsed.operation, parsed.input, principal);
      if (fault?.effect === 'commit-then-drop') {
        response.destroy();
        return { status: 0, fault: fault.id, ...charged(answer) };
      }
      parsed.answer(response, answer.output);
      return { status: 200, ...(fault ? { fault: fault.id } : {}), ...charged(answer) };
    } catch (error) {
      const known = error instanceof AwsError ? error : internalError(error);
      parsed.refuse(response, known);
      return { status: known.status, error: known.code, ...(fault ? { fault: fault.id } : {}), ...(error instanceof ChargedError ? error.units : {}) };
    }
  }

  private authorize(service: AwsService, principal: Principal, parsed: ParsedRequest): void {
    for (const permission of service.permissionsOf(parsed.operation, parsed.input)) {
      const message = this.options.refusalOf?.(principal, permission);
      if (message !== undefined) throw accessDenied(message);
    }
  }
}

interface Answered {
  readonly status: number;
  readonly error?: string;
  readonly fault?: string;
  readonly readUnits?: number;
  readonly writeUnits?: number;
}

/** Does what a fault does before the call; true when there is nothing left to answer. */
async function beforeCall(fault: AppliedFault, response: ServerResponse, service: AwsService, parsed: ParsedRequest): Promise<boolean> {
  switch (fault.effect) {
    case 'throttle':
      throw service.throttled();
    case 'error':
      throw new AwsError('InternalServerError', 'The request processing has failed because of an unknown error, exception or failure.', 500);
    case 'conflict':
      throw service.conflict(parsed.operation, parsed.input);
    case 'deny':
      throw accessDenied(`the fault ${fault.id} denies ${parsed.service}:${parsed.operation}`);
    case 'drop':
      response.destroy();
      return true;
    case 'timeout':
      // The connection stays open until the client gives up.
      return true;
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return false;
    case 'hold':
      await fault.released();
      return false;
    case 'commit-then-drop':
      return false;
  }
}

const charged = ({ readUnits, writeUnits }: ServiceAnswer): { readUnits?: number; writeUnits?: number } =>
  ({ ...(readUnits === undefined ? {} : { readUnits }), ...(writeUnits === undefined ? {} : { writeUnits }) });

/** A defect of the instance: shown where a developer looks, and in the answer. */
function internalError(error: unknown): AwsError {
  process.stderr.write(`local aws endpoint: ${error instanceof Error ? error.stack : String(error)}\n`);
  return new AwsError('InternalServerError', error instanceof Error ? error.message : String(error), 500);
}

function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
