import { BlockList, isIPv6 } from 'node:net';
import { GatewayRequest } from '../gateway/message';
import { isRecord } from '../template/types';
import { fieldOf, INSPECTED_BODY_BYTES, isKnownField, isKnownTransformation, transformed } from './fields';
import { RateCounter } from './rate-counter';

/** What statements refer to by ARN. */
export interface FirewallSets {
  readonly ipSets: ReadonlyMap<string, BlockList>;
  readonly patternSets: ReadonlyMap<string, readonly RegExp[]>;
  readonly now: () => number;
}

export type Matcher = (request: GatewayRequest) => boolean;

/** A statement that the local instance cannot evaluate; its message names what. */
export class UnknownStatementError extends Error {
  override readonly name = 'UnknownStatementError';
}

/** Compiles a WAF statement; throws `UnknownStatementError` when any part of it cannot be evaluated here. */
export function compileStatement(statement: unknown, sets: FirewallSets): Matcher {
  const [kind, argument] = isRecord(statement) ? Object.entries(statement)[0] ?? [] : [];
  const properties = isRecord(argument) ? argument : {};
  switch (kind) {
    case 'AndStatement': return every(parts(properties, sets));
    case 'OrStatement': return some(parts(properties, sets));
    case 'NotStatement': {
      const inner = compileStatement(properties.Statement, sets);
      return (request) => !inner(request);
    }
    case 'RateBasedStatement': return rateBased(properties, sets);
    case 'IPSetReferenceStatement': return ipSet(properties, sets);
    case 'ByteMatchStatement': return byteMatch(properties);
    case 'SizeConstraintStatement': return sizeConstraint(properties);
    case 'RegexMatchStatement': {
      const expression = new RegExp(String(properties.RegexString));
      return onField(properties, (text) => expression.test(text));
    }
    case 'RegexPatternSetReferenceStatement': {
      const expressions = sets.patternSets.get(String(properties.Arn)) ?? [];
      return onField(properties, (text) => expressions.some((expression) => expression.test(text)));
    }
    case 'ManagedRuleGroupStatement': throw new UnknownStatementError(`managed rule group ${String(properties.Name)}`);
    default: throw new UnknownStatementError(String(kind ?? 'empty statement'));
  }
}

function parts(properties: Record<string, unknown>, sets: FirewallSets): Matcher[] {
  return (Array.isArray(properties.Statements) ? properties.Statements : []).map((part) => compileStatement(part, sets));
}

const every = (matchers: readonly Matcher[]): Matcher => (request) => matchers.every((matches) => matches(request));
const some = (matchers: readonly Matcher[]): Matcher => (request) => matchers.some((matches) => matches(request));

function rateBased(properties: Record<string, unknown>, sets: FirewallSets): Matcher {
  const aggregate = String(properties.AggregateKeyType ?? 'IP');
  if (aggregate !== 'IP' && aggregate !== 'CONSTANT') throw new UnknownStatementError(`rate by ${aggregate}`);
  const within = properties.ScopeDownStatement === undefined ? () => true : compileStatement(properties.ScopeDownStatement, sets);
  const counter = new RateCounter(Number(properties.EvaluationWindowSec ?? 300) * 1000, sets.now);
  const limit = Number(properties.Limit);
  return (request) => within(request) && counter.count(aggregate === 'IP' ? request.sourceIp : '') > limit;
}

function ipSet(properties: Record<string, unknown>, sets: FirewallSets): Matcher {
  if (isRecord(properties.IPSetForwardedIPConfig)) throw new UnknownStatementError('addresses from a forwarded header');
  const addresses = sets.ipSets.get(String(properties.Arn));
  if (!addresses) throw new UnknownStatementError('an IP set from outside the app');
  return ({ sourceIp }) => addresses.check(sourceIp, isIPv6(sourceIp) ? 'ipv6' : 'ipv4');
}

function byteMatch(properties: Record<string, unknown>): Matcher {
  const wanted = typeof properties.SearchStringBase64 === 'string'
    ? Buffer.from(properties.SearchStringBase64, 'base64').toString('latin1')
    : String(properties.SearchString);
  switch (properties.PositionalConstraint) {
    case 'EXACTLY': return onField(properties, (text) => text === wanted);
    case 'STARTS_WITH': return onField(properties, (text) => text.startsWith(wanted));
    case 'ENDS_WITH': return onField(properties, (text) => text.endsWith(wanted));
    case 'CONTAINS': return onField(properties, (text) => text.includes(wanted));
    case 'CONTAINS_WORD': {
      const escaped = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const expression = new RegExp(`(?<![A-Za-z0-9_])${escaped}(?![A-Za-z0-9_])`);
      return onField(properties, (text) => expression.test(text));
    }
    default: throw new UnknownStatementError(`position ${String(properties.PositionalConstraint)}`);
  }
}

const COMPARISONS: Readonly<Record<string, (size: number, limit: number) => boolean>> = {
  EQ: (size, limit) => size === limit,
  NE: (size, limit) => size !== limit,
  LE: (size, limit) => size <= limit,
  LT: (size, limit) => size < limit,
  GE: (size, limit) => size >= limit,
  GT: (size, limit) => size > limit,
};

function sizeConstraint(properties: Record<string, unknown>): Matcher {
  const compare = COMPARISONS[String(properties.ComparisonOperator)];
  if (!compare) throw new UnknownStatementError(`comparison ${String(properties.ComparisonOperator)}`);
  const limit = Number(properties.Size);
  const bySize = onField(properties, (text) => compare(Buffer.byteLength(text, 'latin1'), limit));
  const body = isRecord(properties.FieldToMatch) ? properties.FieldToMatch.Body : undefined;
  const oversize = isRecord(body) ? body.OversizeHandling : undefined;
  return (request) => {
    if (request.body.length > INSPECTED_BODY_BYTES && oversize === 'MATCH') return true;
    if (request.body.length > INSPECTED_BODY_BYTES && oversize === 'NO_MATCH') return false;
    return bySize(request);
  };
}

function onField(properties: Record<string, unknown>, test: (text: string) => boolean): Matcher {
  const { FieldToMatch: field, TextTransformations: transformations } = properties;
  if (!isKnownField(field)) throw new UnknownStatementError(`field ${isRecord(field) ? Object.keys(field)[0] : 'none'}`);
  for (const transformation of Array.isArray(transformations) ? transformations : []) {
    if (!isKnownTransformation(transformation)) throw new UnknownStatementError(`transformation ${String((transformation as Record<string, unknown>).Type)}`);
  }
  return (request) => test(transformed(fieldOf(field, request) ?? '', transformations));
}
