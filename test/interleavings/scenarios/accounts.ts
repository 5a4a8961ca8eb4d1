import type { Before } from './scenario';
import { login, register, type Account, type Tokens } from '../service/requests';

export const EMAIL = 'ada@example.com';
export const PASSWORD = 'glacier tulip marmot sonata';
export const NEW_PASSWORD = 'another long pass phrase, 9';
export const THIRD_PASSWORD = 'the third of the phrases, 7';

/** A wrong password for the owner's account. */
export const GUESS: Account = { email: EMAIL, password: NEW_PASSWORD };

export const OWNER: Account = { email: EMAIL, password: PASSWORD };

export interface SignedIn {
  readonly uid: string;
  readonly tokens: Tokens;
}

/** An account whose owner is signed in. */
export async function signedIn(before: Before): Promise<SignedIn> {
  const { sub: uid } = await before.ask(register(OWNER));
  return { uid, tokens: await before.ask(login(OWNER)) };
}
