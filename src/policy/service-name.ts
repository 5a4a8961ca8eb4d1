import { Names, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { checkPattern, refuse } from './validation';

const MAX_LENGTH = 48;

/** Whether things can be named by it. */
export function checkServiceName(serviceName: string | undefined): void {
  if (Token.isUnresolved(serviceName)) {
    refuse('serviceName', 'a value known only at deployment', 'a literal name', 'alarms, dashboards and the audit log are named by it at synthesis');
  }
  checkPattern('serviceName', serviceName, /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,46}[A-Za-z0-9])?$/, `1 to ${MAX_LENGTH} letters, digits and inner hyphens`);
}

/** A name from the names of stack and construct. */
export function defaultServiceName(construct: IConstruct): string {
  return Names.uniqueResourceName(construct, { maxLength: MAX_LENGTH, separator: '-' });
}
