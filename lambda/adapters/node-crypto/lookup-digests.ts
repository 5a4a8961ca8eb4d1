import { KeyObject } from 'node:crypto';
import { macKey, macOf, subKey } from './hmac';

/** Names of sub-keys; part of the stored format. */
const PREFIX = 'cdk-auth-service lookup v1 ';

/** Digests under the sub-keys of one secret, which are derived once. */
export class LookupDigests {
  private readonly root: KeyObject;
  private readonly subKeys = new Map<string, KeyObject>();

  /** @param key base64url */
  constructor(key: string) {
    this.root = macKey(key);
  }

  digest(label: string, fields: readonly string[]): string {
    return macOf(this.subKey(label), fields);
  }

  private subKey(label: string): KeyObject {
    const known = this.subKeys.get(label);
    if (known) return known;
    const derived = subKey(this.root, `${PREFIX}${label}`);
    this.subKeys.set(label, derived);
    return derived;
  }
}
