import { GatewayAnswer, GatewayRequest, HeaderList } from '../gateway/message';
import { isRecord } from '../template/types';
import { compileStatement, FirewallSets, Matcher, UnknownStatementError } from './statement';

export type WebAclVerdict =
  /** With the headers that rules added to what goes on. */
  | { readonly blocked: false; readonly inserted: HeaderList }
  /** Without an answer the gateway answers with its own WAF_FILTERED response. */
  | { readonly blocked: true; readonly rule: string; readonly answer?: GatewayAnswer };

interface CompiledRule {
  readonly name: string;
  readonly matches: Matcher;
  readonly action: 'Allow' | 'Block' | 'Count';
  readonly answer?: GatewayAnswer;
  readonly inserted: HeaderList;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = { APPLICATION_JSON: 'application/json', TEXT_PLAIN: 'text/plain', TEXT_HTML: 'text/html' };

/** A web ACL: rules in order of priority, the first that allows or blocks decides. */
export class WebAcl {
  /** Rules that are not evaluated here, each with the reason. */
  readonly notEvaluated: string[] = [];
  private readonly rules: CompiledRule[] = [];
  private readonly defaultBlock: { answer?: GatewayAnswer } | undefined;

  constructor(properties: Record<string, unknown>, sets: FirewallSets) {
    const bodies = isRecord(properties.CustomResponseBodies) ? properties.CustomResponseBodies : {};
    const rules = (Array.isArray(properties.Rules) ? properties.Rules : []).filter(isRecord);
    for (const rule of [...rules].sort((left, right) => Number(left.Priority) - Number(right.Priority))) {
      this.compile(rule, bodies, sets);
    }
    const fallback = isRecord(properties.DefaultAction) ? properties.DefaultAction : {};
    this.defaultBlock = isRecord(fallback.Block) ? optional(customAnswer(fallback.Block, bodies)) : undefined;
  }

  check(request: GatewayRequest): WebAclVerdict {
    const inserted: HeaderList = [];
    for (const rule of this.rules) {
      if (!rule.matches(request)) continue;
      inserted.push(...rule.inserted);
      if (rule.action === 'Allow') return { blocked: false, inserted };
      if (rule.action === 'Block') return { blocked: true, rule: rule.name, ...optional(rule.answer) };
    }
    return this.defaultBlock ? { blocked: true, rule: 'default action', ...this.defaultBlock } : { blocked: false, inserted };
  }

  private compile(rule: Record<string, unknown>, bodies: Record<string, unknown>, sets: FirewallSets): void {
    const name = String(rule.Name);
    const [action, settings] = isRecord(rule.Action) ? Object.entries(rule.Action)[0] ?? [] : [];
    try {
      const matches = compileStatement(rule.Statement, sets);
      if (action !== 'Allow' && action !== 'Block' && action !== 'Count') throw new UnknownStatementError(`action ${String(action)}`);
      this.rules.push({ name, matches, action, inserted: insertedHeaders(settings), ...optional(action === 'Block' ? customAnswer(settings, bodies) : undefined) });
    } catch (error) {
      if (!(error instanceof UnknownStatementError)) throw error;
      this.notEvaluated.push(`rule ${name} (${error.message})`);
    }
  }
}

/** AWS WAF puts its own prefix before their names, so that no client's header has one by chance. */
function insertedHeaders(settings: unknown): HeaderList {
  const handling = isRecord(settings) && isRecord(settings.CustomRequestHandling) ? settings.CustomRequestHandling : {};
  const given = (Array.isArray(handling.InsertHeaders) ? handling.InsertHeaders : []).filter(isRecord);
  return given.map((header) => [`x-amzn-waf-${String(header.Name)}`, String(header.Value)]);
}

/** The request as it goes on: what the client called by one of these names is gone, the last rule's value stands. */
export function withInserted(request: GatewayRequest, inserted: HeaderList): GatewayRequest {
  if (inserted.length === 0) return request;
  const names = inserted.map(([name]) => name.toLowerCase());
  const last = inserted.filter((_, index) => !names.includes(names[index]!, index + 1));
  return { ...request, headers: [...request.headers.filter(([name]) => !names.includes(name.toLowerCase())), ...last] };
}

function customAnswer(settings: unknown, bodies: Record<string, unknown>): GatewayAnswer | undefined {
  const custom = isRecord(settings) ? settings.CustomResponse : undefined;
  if (!isRecord(custom)) return undefined;
  const body = bodies[String(custom.CustomResponseBodyKey)];
  const given = (Array.isArray(custom.ResponseHeaders) ? custom.ResponseHeaders : []).filter(isRecord);
  const headers: HeaderList = given.map((header) => [String(header.Name), String(header.Value)]);
  if (isRecord(body) && !headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.unshift(['Content-Type', CONTENT_TYPES[String(body.ContentType)] ?? 'text/plain']);
  }
  return { status: Number(custom.ResponseCode), headers, body: isRecord(body) ? String(body.Content) : '' };
}

function optional(answer: GatewayAnswer | undefined): { answer?: GatewayAnswer } {
  return answer === undefined ? {} : { answer };
}
