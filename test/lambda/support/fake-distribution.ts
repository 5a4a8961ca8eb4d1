import { Pause } from '../../../lambda/adapters/memory';
import { OriginHeader } from '../../../lambda/ports/origin';

/** A distribution of CloudFront in memory: one origin with the header, and every value that it was ever sent. */
export class FakeDistribution implements OriginHeader {
  readonly sent: string[];

  constructor(private readonly pause: Pause, first: string) {
    this.sent = [first];
  }

  get value(): string {
    return this.sent.at(-1)!;
  }

  async values(): Promise<readonly string[]> {
    await this.pause();
    return [this.value];
  }

  async send(value: string): Promise<readonly string[]> {
    await this.pause();
    const before = this.value;
    if (before !== value) this.sent.push(value);
    await this.pause();
    return [before];
  }
}
