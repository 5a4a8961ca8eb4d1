import { PasswordHasher } from '../../../lambda/ports/crypto';
import { nodeCrypto } from '../../../lambda/adapters/node-crypto/crypto';

/**
 * A password hash that costs nothing, salted like a real one, and that counts. `strength` stands in the string like the cost of a
 * real one.
 */
export class FakeHasher implements PasswordHasher {
  hashed = 0;
  verified = 0;
  strength = 1;

  async hash(password: string): Promise<string> {
    this.hashed += 1;
    await undefined;
    return this.compute(password, nodeCrypto.randomToken(8), this.strength);
  }

  async verify(password: string, phc: string): Promise<boolean> {
    this.verified += 1;
    await undefined;
    const [, , strength, salt] = phc.split('$');
    return this.compute(password, salt ?? '', Number(strength)) === phc;
  }

  needsRehash(phc: string): boolean {
    return Number(phc.split('$')[2]) < this.strength;
  }

  get dummy(): string {
    return this.compute('nobody has this password', 'salt', this.strength);
  }

  private compute(password: string, salt: string, strength: number): string {
    return `$fake$${strength}$${salt}$${nodeCrypto.sha256(`${salt}.${password}`)}`;
  }
}
