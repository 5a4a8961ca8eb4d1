import { signingKeyAt } from '../../domain/keyset';
import { parseSigningKeyset } from '../../domain/keyset-format';
import { listedKeys, signingOrder } from '../../domain/listed-keys';
import { SigningKeyset } from '../../domain/model';
import { PrivateKey, SecretForm } from './token-signer';

/** The secret that rotate-keys fills. */
export const ROTATING_FORM: SecretForm<SigningKeyset> = {
  parse: parseSigningKeyset,
  matches: (keyset, published) => keyset.version === published.version,
  choose: signingKeyAt,
};

/** A secret that the team fills. A key that it has taken out is published until the next publication, and signs nothing any more. */
export function existingForm(parse: (json: string) => Promise<readonly PrivateKey[]>): SecretForm<readonly PrivateKey[]> {
  const has = (keys: readonly PrivateKey[], kid: string): boolean => keys.some((key) => key.kid === kid);
  return {
    parse,
    matches: (keys, published) => listedKeys(published, 'existing-secret').every(({ kid }) => has(keys, kid)),
    choose(keys, published, now) {
      const listed = published ? listedKeys(published, 'existing-secret') : [];
      const [best] = signingOrder(listed.filter(({ kid }) => has(keys, kid)), now);
      return keys.find(({ kid }) => kid === best?.kid);
    },
  };
}
