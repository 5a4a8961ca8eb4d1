import { send } from './http.ts';
import type { Answer, Call } from './http.ts';

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** Tells the journey: a heading a step, a line a request, and what the step proves. Counts what did not hold. */
export class Narrator {
  private step = 0;
  private readonly broken: string[] = [];

  heading(text: string): void {
    this.step += 1;
    console.log(`\n${paint(1, `${String(this.step).padStart(2)}. ${text}`)}`);
  }

  /** Sends a request, prints it with its status, and compares the status with what must be seen. */
  async call(call: Call, expected: number, note = ''): Promise<Answer> {
    const answer = await send(call);
    this.line(`${call.method} ${new URL(call.url).pathname}`, answer, expected, note);
    return answer;
  }

  line(request: string, answer: Answer, expected: number, note = ''): void {
    const right = answer.status === expected;
    const code = typeof answer.body === 'object' && answer.body?.code ? ` ${answer.body.code}` : '';
    const status = paint(right ? 32 : 31, `${answer.status}${code}`);
    console.log(`    ${request.padEnd(34)} ${status}${note ? paint(2, `  ${note}`) : ''}`);
    if (!right) this.fail(`${request}: expected ${expected}, got ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** States what the step proves, or that it does not hold. */
  proves(holds: boolean, text: string): void {
    console.log(`    ${holds ? paint(32, '=>') : paint(31, 'NOT')} ${text}`);
    if (!holds) this.fail(text);
  }

  private fail(text: string): void {
    this.broken.push(`step ${this.step}: ${text}`);
  }

  /** Prints the sum and answers whether everything held. */
  finish(): boolean {
    if (this.broken.length === 0) {
      console.log(`\n${paint(32, `all ${this.step} steps held`)}`);
      return true;
    }
    console.log(`\n${paint(31, 'did not hold:')}`);
    for (const line of this.broken) console.log(`  ${line}`);
    return false;
  }
}
