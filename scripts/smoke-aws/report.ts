/** What one look found. */
export interface Finding {
  readonly step: string;
  readonly result: 'holds' | 'broken' | 'not tried';
  readonly what: string;
  readonly detail?: string;
}

/** Prints what each step proves, as it goes, and keeps it for the summary. */
export class Report {
  readonly findings: Finding[] = [];
  private readonly write: (line: string) => void;
  private step = '';

  constructor(write: (line: string) => void = console.log) {
    this.write = write;
  }

  heading(step: string): void {
    this.step = step;
    this.write(`\n${step}`);
  }

  proves(holds: boolean, what: string, detail?: unknown): void {
    this.add({ step: this.step, result: holds ? 'holds' : 'broken', what, ...detail === undefined ? {} : { detail: show(detail) } });
  }

  /** What cannot be tried here, and why. */
  notTried(what: string, why: string): void {
    this.add({ step: this.step, result: 'not tried', what, detail: why });
  }

  /** A figure that proves nothing by itself. */
  note(text: string): void {
    this.write(`    ${text}`);
  }

  /** Prints the sum. @returns whether nothing was broken */
  finish(): boolean {
    const count = (result: Finding['result']) => this.findings.filter((finding) => finding.result === result).length;
    const broken = this.findings.filter(({ result }) => result === 'broken');
    this.write(`\n${count('holds')} hold, ${broken.length} do not, ${count('not tried')} were not tried`);
    for (const { step, what, detail } of broken) this.write(`  ${step}: ${what}${detail === undefined ? '' : ` (${detail})`}`);
    return broken.length === 0;
  }

  private add(finding: Finding): void {
    this.findings.push(finding);
    const mark = { 'holds': 'ok  ', 'broken': 'NOT ', 'not tried': '--  ' }[finding.result];
    const detail = finding.detail === undefined || finding.result === 'holds' ? '' : ` (${finding.detail})`;
    this.write(`    ${mark}${finding.what}${detail}`);
  }
}

function show(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 600);
}
