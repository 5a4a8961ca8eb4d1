import { createHash } from 'node:crypto';

/** Randomness that is the same in every run, and another for each name. */
export class Randomness {
  private drawn = 0;

  constructor(private readonly name: string) {}

  bytes(count: number): Buffer {
    this.drawn += 1;
    const parts: Buffer[] = [];
    for (let part = 0; part * 32 < count; part += 1) parts.push(createHash('sha256').update(`${this.name} ${this.drawn} ${part}`).digest());
    return Buffer.concat(parts).subarray(0, count);
  }

  token(bytes: number): string {
    return this.bytes(bytes).toString('base64url');
  }

  uuid(): string {
    const hex = this.bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
