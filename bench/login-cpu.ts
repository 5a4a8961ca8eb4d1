// Processor time of a login above the bare hash of its password.
import path from 'node:path';
import { child } from './support/child.ts';
import { PASSWORD } from './support/password.ts';
import { median, ratioRow, section } from './support/report.ts';
import { startService } from './support/service.ts';
import type { Props } from './support/service.ts';
import { root } from './support/sources.ts';

const BATCHES = 20;
/** An account that reaches half of its hour's limit pays for one more write. */
const LOGINS_AN_ACCOUNT = 40;
const ACCOUNTS = Math.ceil((BATCHES + 3) * 10 / LOGINS_AN_ACCOUNT);

type Batch = { readonly login: number; readonly hash: number; readonly bcrypt: number };

/** The function runs in a process of its own against the AWS endpoints of this one. */
async function measure(hashing: 'argon2id' | 'bcrypt', props?: Props): Promise<Batch[]> {
  const service = await startService(props);
  const emails = Array.from({ length: ACCOUNTS }, (_, index) => `user.${index}@example.com`);
  for (const email of emails) {
    const { status } = await service.post('/register', { email, password: PASSWORD });
    if (status !== 201) throw new Error(`register answered ${status}`);
  }
  const batches = await child<Batch[]>('login', [path.join(root, 'assets', 'login', 'index.js'), String(BATCHES), hashing, ...emails], service.environmentOf('AuthFunctionsLogin'));
  await service.stop();
  return batches;
}

const argon = await measure('argon2id');
const bcrypt = await measure('bcrypt', ({ PasswordHashing }) => ({ passwords: { hashing: PasswordHashing.bcrypt({ cost: 10 }) } }));
const above = (batches: readonly Batch[]) => median(batches.map(({ login, hash }) => login - hash));
const [aboveArgon, aboveBcrypt] = [above(argon), above(bcrypt)];

section('Processor time of a login', 'login-cpu',
  `The shipped login function in a process of its own, called ${BATCHES * 10} times and between them as many bare hashes with the same
parameters. Processor time of all threads, medians of batches of ten.`, [
    { what: 'login with argon2id above the bare hash', measured: `${aboveArgon.toFixed(1)} ms`, target: '<= 3 ms', met: aboveArgon <= 3 },
    { what: 'login with bcrypt of cost 10 above the bare hash', measured: `${aboveBcrypt.toFixed(1)} ms`, target: '<= 3 ms', met: aboveBcrypt <= 3 },
    ratioRow('login with bcrypt of cost 10 over bcryptjs of cost 10', median(bcrypt.map(({ login, bcrypt: bare }) => login / bare)), 1.05),
    ratioRow('argon2id (19 MiB, two passes) over bcryptjs of cost 10', median(argon.map(({ hash, bcrypt: bare }) => hash / bare)), 0.4),
  ]);
