import { AuthError } from '../../../lambda/domain/errors';
import { Principal } from '../../../lambda/domain/model';
import { authorize } from '../../../lambda/use-cases/authorize';
import { login, LoginInput, LoginOutput } from '../../../lambda/use-cases/login';
import { refresh } from '../../../lambda/use-cases/refresh';
import { register, RegisterInput } from '../../../lambda/use-cases/register';
import { IssuedTokens } from '../../../lambda/use-cases/steps/issued-tokens';
import { World } from './world';

export const EMAIL = 'mike@example.com';
export const PASSWORD = 'glacier tulip marmot sonata';
export const OTHER_PASSWORD = 'another long enough passphrase';

export function registerUser(world: World, overrides: Partial<RegisterInput> = {}): Promise<{ readonly uid: string }> {
  return register(world, { email: EMAIL, password: PASSWORD, sourceIp: '192.0.2.1', ...overrides });
}

export function loginUser(world: World, overrides: Partial<LoginInput> = {}): Promise<LoginOutput> {
  return login(world, { email: EMAIL, password: PASSWORD, sourceIp: '192.0.2.1', ...overrides });
}

/** A registered user with a first session; the calls and events up to here are forgotten. */
export async function signedIn(world: World): Promise<LoginOutput & { readonly uid: string }> {
  const { uid } = await registerUser(world);
  const tokens = await loginUser(world);
  world.calls.reset();
  world.audit.events.length = 0;
  return { ...tokens, uid };
}

export function refreshWith(world: World, tokens: Pick<IssuedTokens, 'refreshToken'>): Promise<IssuedTokens> {
  return refresh(world, { refreshToken: tokens.refreshToken });
}

/** Whom the authorizer takes the token for. */
export async function principalOf(world: World, tokens: Pick<IssuedTokens, 'accessToken'>): Promise<Principal> {
  const { principal } = await authorize(world, { token: tokens.accessToken, requiredScopes: [] });
  return principal;
}

/** The code with which a promise is refused, or `ok`. Anything but an `AuthError` fails the test. */
export async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'ok';
  } catch (error) {
    if (error instanceof AuthError) return error.code;
    throw error;
  }
}

/** Whether the tokens are worth something: `access` for the authorizer, `refresh` for the refresh endpoint. */
export async function livingTokens(world: World, tokens: Pick<IssuedTokens, 'accessToken' | 'refreshToken'>): Promise<string[]> {
  const living: string[] = [];
  if ((await outcome(principalOf(world, tokens))) === 'ok') living.push('access');
  if ((await outcome(refreshWith(world, tokens))) === 'ok') living.push('refresh');
  return living;
}

/** `sid` of a refresh token. */
export function sidOf(tokens: Pick<IssuedTokens, 'refreshToken'>): string {
  return tokens.refreshToken.split('.')[2]!;
}

/** How often each outcome came. */
export function tally(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of outcomes) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
