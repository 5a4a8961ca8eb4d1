import { Audit, AuditEvent } from '../../../lambda/ports/audit';

export class AuditRecorder implements Audit {
  readonly events: AuditEvent[] = [];

  record(event: AuditEvent): void {
    this.events.push(event);
  }

  names(): string[] {
    return this.events.map((event) => event.event);
  }

  count(name: string): number {
    return this.names().filter((recorded) => recorded === name).length;
  }

  get last(): AuditEvent | undefined {
    return this.events.at(-1);
  }
}
