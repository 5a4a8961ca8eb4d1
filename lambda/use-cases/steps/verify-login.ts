import { UnavailableError } from '../../domain/errors';
import { Credential, RefreshKey, User } from '../../domain/model';
import { Crypto, PasswordHasher } from '../../ports/crypto';
import { UserStore } from '../../ports/users';

export interface VerifyLoginDeps {
  readonly users: Pick<UserStore, 'readCredential' | 'readUser'>;
  readonly hasher: Pick<PasswordHasher, 'verify' | 'dummy'>;
  readonly crypto: Pick<Crypto, 'mac'>;
}

export type LoginVerdict =
  | { readonly accepted: true; readonly user: User; readonly credential: Credential }
  | { readonly accepted: false; readonly reason: 'address_unknown' | 'password_wrong' | 'user_disabled'; readonly uid?: string };

const READINGS = 2;

/**
 * Whether address and password belong together and to an active user. Every refusal makes the same calls and computes one hash (EN-01,
 * EN-02). `pv` stands in both items: unequal means that the password changed between the two reads, so both are read once more; equal means
 * that the verified password was still the valid one when the profile, and with it `sv`, was read.
 *
 * @param known the credential, where a known device made it necessary to read it before
 */
export async function verifyLogin(deps: VerifyLoginDeps, email: string, password: string, refreshKey: RefreshKey, known?: Credential): Promise<LoginVerdict> {
  for (let reading = 1; reading <= READINGS; reading += 1) {
    const credential = (reading === 1 ? known : undefined) ?? await deps.users.readCredential(email);
    // An unknown address reads a profile too: a key that nobody can predict and nobody has.
    const uid = credential?.uid ?? deps.crypto.mac(refreshKey.key, ['decoy', email]);
    const [user, matches] = await Promise.all([
      deps.users.readUser(uid),
      deps.hasher.verify(password, credential?.passwordHash ?? deps.hasher.dummy),
    ]);
    if (credential === undefined) return { accepted: false, reason: 'address_unknown' };
    if (user === undefined || user.pv !== credential.pv) continue;
    if (!matches) return { accepted: false, reason: 'password_wrong', uid: user.uid };
    if (user.status !== 'active') return { accepted: false, reason: 'user_disabled', uid: user.uid };
    return { accepted: true, user, credential };
  }
  throw new UnavailableError('users');
}
