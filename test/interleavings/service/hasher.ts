import { hash } from 'node:crypto';
import { caller } from './caller';

/** A password hash that costs nothing and tells who hashes what. `strength` stands for algorithm and cost. */
export function cheapHasher(strength: number) {
  const compute = (password: string, salt: string, cost: string): string => `$cheap$${cost}$${salt}$${hash('sha256', `${salt} ${password}`, 'base64url')}`;
  const hashing = (password: string, salt: string, cost: string): string => {
    caller().hashing(password);
    return compute(password, salt, cost);
  };
  return {
    dummy: compute('nobody has this password', 'salt', String(strength)),
    hash: async (password: string) => hashing(password, caller().randomness.token(8), String(strength)),
    verify: async (password: string, phc: string) => {
      const [, , cost = '', salt = ''] = phc.split('$');
      return hashing(password, salt, cost) === phc;
    },
    needsRehash: (phc: string) => Number(phc.split('$')[2]) < strength,
  };
}

/** Whether `phc` is a hash of this password. */
export function isHashOf(phc: unknown, password: string): boolean {
  const [, , , salt = '', tag] = String(phc).split('$');
  return hash('sha256', `${salt} ${password}`, 'base64url') === tag;
}
