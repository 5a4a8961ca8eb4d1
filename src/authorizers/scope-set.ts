import { createHash } from 'crypto';
import { LIVE_ALIAS, SCOPES_ALIAS_PREFIX } from '../contract/authorizer';
import { refuse } from '../policy/validation';

/** Longest name of an alias. */
const MAX_ALIAS = 128;

/** A set of required scopes, as the alias that asks for it. The order of the scopes does not matter. */
export class ScopeSet {
  /** Name of the alias. */
  public readonly alias: string;
  /** Construct id, short and stable. */
  public readonly id: string;
  public readonly scopes: string[];

  constructor(scopes: string[]) {
    this.scopes = [...scopes].sort();
    const joined = this.scopes.join(' ');
    this.alias = scopes.length === 0 ? LIVE_ALIAS : `${SCOPES_ALIAS_PREFIX}${Buffer.from(joined, 'utf8').toString('base64url')}`;
    this.id = `Scopes${createHash('sha256').update(joined).digest('hex').slice(0, 8)}`;
    if (this.alias.length > MAX_ALIAS) {
      refuse('authorizer: requiredScopes', `a set of ${joined.length} characters`, 'a set of at most 90 characters, spaces between them included',
        'the set has to fit the name of an alias; ask for one broader scope');
    }
  }
}
