import type { Alteration } from '../dynamodb/dynamodb';
import type { Condition, Operand } from '../dynamodb/conditions';
import { parseCondition } from '../dynamodb/conditions';
import type { Write } from '../dynamodb/requests';
import { shapeOf } from '../dynamodb/requests';

/** A write of the stores whose condition lacks one clause. */
export interface Mutant {
  readonly shape: string;
  readonly clause: string;
  readonly alter: Alteration;
}

/** A mutant for each clause of the write's condition: of `a AND (b OR c)` without a, without b, without c, and without b OR c. */
export function mutantsOf(write: Write): Mutant[] {
  const shape = shapeOf(write);
  return reductions(parseCondition(write.request.ConditionExpression!)).map(({ without, condition }) => ({
    shape,
    clause: textOf(without),
    alter: (other, own) => (shapeOf(other) === shape ? condition : own),
  }));
}

interface Reduction {
  readonly without: Condition;
  /** What is left; nothing: it always holds. */
  readonly condition: Condition | undefined;
}

function reductions(condition: Condition): Reduction[] {
  if (condition.kind !== 'and' && condition.kind !== 'or') return [{ without: condition, condition: undefined }];
  const whole: Reduction[] = condition.kind === 'or' ? [{ without: condition, condition: undefined }] : [];
  return [...whole, ...condition.parts.flatMap((part, index): Reduction[] => {
    const others = condition.parts.filter((_, other) => other !== index);
    const put = (reduced: Condition | undefined): Condition => {
      const parts = reduced === undefined ? others : [...others.slice(0, index), reduced, ...others.slice(index)];
      return parts.length === 1 ? parts[0]! : { kind: condition.kind, parts };
    };
    return part.kind === 'and' || part.kind === 'or'
      ? reductions(part).map((reduction) => ({ ...reduction, condition: put(reduction.condition) }))
      : [{ without: part, condition: put(undefined) }];
  })];
}

export function textOf(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.map((part) => (part.kind === 'and' || part.kind === 'or' ? `(${textOf(part)})` : textOf(part))).join(` ${condition.kind.toUpperCase()} `);
    case 'not':
      return `NOT ${textOf(condition.part)}`;
    case 'comparison':
      return `${operandText(condition.left)} ${condition.operator} ${operandText(condition.right)}`;
    case 'between':
      return `${operandText(condition.operand)} BETWEEN ${operandText(condition.low)} AND ${operandText(condition.high)}`;
    case 'in':
      return `${operandText(condition.operand)} IN (${condition.list.map(operandText).join(', ')})`;
    case 'function':
      return `${condition.name}(${condition.operands.map(operandText).join(', ')})`;
  }
}

function operandText(operand: Operand): string {
  if ('value' in operand) return operand.value;
  return 'sizeOf' in operand ? `size(${operand.sizeOf.join('.')})` : operand.path.join('.');
}
