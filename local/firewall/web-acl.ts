import { GatewayAnswer, GatewayRequest, HeaderList } from '../gateway/message';
import { isRecord } from '../template/types';
import { compileStatement, FirewallSets, Matcher, UnknownStatementError } from './statement';

export type WebAclVerdict =
  | { readonly blocked: false }
  /** Without an answer the gateway answers with its own WAF_FILTERED response. */
  | { readonly blocked: true; readonly rule: string; readonly answer?: GatewayAnswer };

interface CompiledRule {
  readonly name: string;
  readonly matches: Matcher;
  readonly action: 'Allow' | 'Block' | 'Count';
  readonly answer?: GatewayAnswer;
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
    for (const rule of this.rules) {
      if (!rule.matches(request) || rule.action === 'Count') continue;
      return rule.action === 'Allow' ? { blocked: false } : { blocked: true, rule: rule.name, ...optional(rule.answer) };
    }
    return this.defaultBlock ? { blocked: true, rule: 'default action', ...this.defaultBlock } : { blocked: false };
  }

  private compile(rule: Record<string, unknown>, bodies: Record<string, unknown>, sets: FirewallSets): void {
    const name = String(rule.Name);
    const [action, settings] = isRecord(rule.Action) ? Object.entries(rule.Action)[0] ?? [] : [];
    try {
      const matches = compileStatement(rule.Statement, sets);
      if (action !== 'Allow' && action !== 'Block' && action !== 'Count') throw new UnknownStatementError(`action ${String(action)}`);
      this.rules.push({ name, matches, action, ...optional(action === 'Block' ? customAnswer(settings, bodies) : undefined) });
    } catch (error) {
      if (!(error instanceof UnknownStatementError)) throw error;
      this.notEvaluated.push(`rule ${name} (${error.message})`);
    }
  }
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
