import { send } from './http.ts';
import type { Answer, Call } from './http.ts';
import type { Narrator } from './narrator.ts';

/** What the journey needs of a running instance. */
export interface Stage {
  /** URL of the authentication API, without a trailing slash. */
  readonly auth: string;
  /** URL of the other team's API that the authorizer protects. */
  readonly orders: string;
  /** Moves the instance's clock forward. */
  advance(seconds: number): Promise<void>;
  /** Rotates the signing key now, through the admin function, and waits until Secrets Manager has gone through the four steps. */
  rotateSigningKey(): Promise<void>;
}

const OWNER_ADDRESS = '127.0.0.1';
const STRANGER_ADDRESS = '127.0.0.66';
const PASSWORD = 'glacier tulip marmot sonata 42';

/** A whole user's life over HTTP; every step prints request, status and what it proves. */
export async function journey(stage: Stage, tell: Narrator): Promise<void> {
  const email = `ada.${Date.now().toString(36)}@example.com`;
  const auth = (method: string, path: string, options: Partial<Call> = {}): Call => ({ method, url: `${stage.auth}${path}`, from: OWNER_ADDRESS, ...options });
  const login = () => auth('POST', '/login', { body: { email, password: PASSWORD } });

  tell.heading('Register');
  await tell.call(auth('POST', '/register', { body: { email, password: PASSWORD } }), 201);
  const again = await tell.call(auth('POST', '/register', { body: { email: email.toUpperCase(), password: PASSWORD } }), 409, 'the same address in capitals');
  tell.proves(again.body.code === 'email_taken', 'one address is one account, whatever its case');

  tell.heading('Log in');
  await tell.call(auth('POST', '/login', { body: { email, password: `${PASSWORD}!` } }), 401, 'wrong password');
  await tell.call(auth('POST', '/login', { body: { email: `nobody.${email}`, password: PASSWORD } }), 401, 'unknown address: the same answer');
  const first = await tell.call(login(), 200);
  tell.proves(typeof first.body.access_token === 'string' && String(first.body.refresh_token).startsWith('rt1.'), 'a signed access token for 15 minutes, an opaque refresh token for 30 days');

  tell.heading('Who am I');
  const me = await tell.call(auth('GET', '/me', { bearer: first.body.access_token }), 200);
  await tell.call(auth('GET', '/me'), 401, 'without a token');
  tell.proves(me.body.email === email, 'the authorizer verified signature, issuer, audience, expiry and revocation');

  tell.heading("Another team's API behind the same authorizer");
  const orders = await tell.call({ method: 'GET', url: `${stage.orders}/orders`, bearer: first.body.access_token }, 200);
  await tell.call({ method: 'GET', url: `${stage.orders}/orders`, bearer: `${first.body.access_token.slice(0, -8)}AAAAAAAA` }, 401, 'signature changed');
  tell.proves(orders.body.owner === me.body.sub, 'one line in their stack protects their API and tells it who is calling');

  tell.heading('Twenty tabs refresh at the same moment');
  const refresh = (token: string) => send(auth('POST', '/token/refresh', { body: { refresh_token: token } }));
  const tabs = await Promise.all(Array.from({ length: 20 }, () => refresh(first.body.refresh_token)));
  tell.line('POST /v1/token/refresh  x 20', worst(tabs), 200);
  const successors = new Set(tabs.map((tab) => tab.body.refresh_token));
  tell.proves(successors.size === 1, `${successors.size} distinct successor: nobody is logged out by a race`);

  tell.heading('A stolen refresh token comes back later');
  const { body: current } = await tell.call(auth('POST', '/token/refresh', { body: { refresh_token: tabs[0]!.body.refresh_token } }), 200, 'the owner goes on');
  await stage.advance(60);
  await tell.call(auth('POST', '/token/refresh', { body: { refresh_token: first.body.refresh_token } }), 401, 'a minute later');
  const owner = await tell.call(auth('POST', '/token/refresh', { body: { refresh_token: current.refresh_token } }), 401, "the owner's own token");
  const access = await tell.call(auth('GET', '/me', { bearer: current.access_token }), 401, 'and the access token');
  tell.proves(owner.body.code === 'session_revoked' && access.status === 401, 'reuse ends the whole family at once: thief and owner both have to log in');

  tell.heading('Log out');
  const second = await tell.call(login(), 200);
  await tell.call(auth('GET', '/me', { bearer: second.body.access_token }), 200);
  await tell.call(auth('POST', '/logout', { body: { refresh_token: second.body.refresh_token } }), 204);
  const dead = await tell.call(auth('GET', '/me', { bearer: second.body.access_token }), 401, 'the access token has 14 minutes left');
  tell.proves(dead.status === 401, 'logout is felt by the next request, not when the token expires');

  tell.heading('Rotate the signing key');
  const before = await tell.call(login(), 200);
  const oldKid = kid(before.body.access_token);
  await stage.rotateSigningKey();
  await stage.advance(120);
  const after = await tell.call(login(), 200);
  await tell.call(auth('GET', '/me', { bearer: before.body.access_token }), 200, `old key ${oldKid.slice(0, 8)}`);
  await tell.call(auth('GET', '/me', { bearer: after.body.access_token }), 200, `new key ${kid(after.body.access_token).slice(0, 8)}`);
  tell.proves(kid(after.body.access_token) !== oldKid, 'tokens of both keys are valid: the new key was public long before it signed');

  tell.heading('A stranger guesses passwords');
  const guesses: Answer[] = [];
  for (let guess = 0; guess < 12; guess += 1) {
    guesses.push(await send(auth('POST', '/login', { from: STRANGER_ADDRESS, body: { email, password: `guess number ${guess} of many` } })));
  }
  const limited = guesses.filter((answer) => answer.status === 429);
  tell.line('POST /v1/login  x 12', limited[0] ?? guesses.at(-1)!, 429, `${guesses.length - limited.length} guesses were looked at, ${limited.length} were not`);
  await tell.call({ ...login(), from: STRANGER_ADDRESS }, 429, 'even the right password, from a device nobody knows');
  const known = await tell.call(auth('POST', '/login', { body: { email, password: PASSWORD, device_token: after.body.device_token } }), 200, "from the owner's device");
  const still = await tell.call(auth('GET', '/me', { bearer: known.body.access_token }), 200);
  tell.proves(limited.length > 0 && still.status === 200, 'the stranger is stopped, the owner is not locked out');

  tell.heading('Delete the account');
  const remove = (password: string) => auth('DELETE', '/me', { bearer: known.body.access_token, body: { password } });
  await tell.call(remove(`${PASSWORD}!`), 403, 'wrong password: a token alone, however young, does not delete an account');
  await tell.call(remove(PASSWORD), 204);
  const gone = await tell.call(auth('GET', '/me', { bearer: known.body.access_token }), 401);
  tell.proves(gone.status === 401, 'account, address and every session are gone');
}

function worst(answers: readonly Answer[]): Answer {
  return answers.reduce((left, right) => (right.status > left.status ? right : left));
}

function kid(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString('utf8')).kid;
}
