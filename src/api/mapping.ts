/** A constant in a mapping expression of API Gateway. The outer quotes delimit, those inside belong to the value. */
export function constant(value: string): string {
  return `'${value}'`;
}
