import type { Deployment } from '../deployment.ts';
import type { Report } from '../report.ts';
import { PASSWORD, Target } from '../target.ts';

/** A version of login that fails is taken back by its canary, and nobody's login is lost for longer than that. */
export async function canary(report: Report, deployment: Deployment, region: string): Promise<void> {
  report.heading('A broken version behind a canary');
  const target = await Target.ofStack(region, deployment.stackName);
  const { email } = await target.newUser();
  let deploying = true;
  const deployed = deployment.deploy('broken-login').finally(() => {
    deploying = false;
  });
  const answers: number[] = [];
  // Requests are what a canary is judged by.
  while (deploying) {
    answers.push((await target.login(email)).status);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  report.proves(!await deployed, 'the deployment fails', 'it succeeded');
  report.proves(await deployment.status() === 'UPDATE_ROLLBACK_COMPLETE', 'and is rolled back', await deployment.status());
  report.note(`${answers.length} logins meanwhile, ${answers.filter((status) => status !== 200).length} not answered with 200`);
  report.proves((await target.login(email)).status === 200, 'login works afterwards');
}

/** An update that fails after everything exists takes nothing away: the keys, the users and their tokens stay. */
export async function failingUpdate(report: Report, deployment: Deployment, region: string): Promise<void> {
  report.heading('An update that fails');
  const target = await Target.ofStack(region, deployment.stackName);
  const { email } = await target.newUser();
  const { access_token: bearer } = (await target.login(email)).body;
  const kids = async () => ((await target.call('GET', '/.well-known/jwks.json')).body.keys as { kid: string }[]).map(({ kid }) => kid);
  const before = await kids();
  report.proves(!await deployment.deploy('failing-update'), 'the deployment fails', 'it succeeded');
  report.proves(await deployment.status() === 'UPDATE_ROLLBACK_COMPLETE', 'and is rolled back', await deployment.failures());
  const after = await kids();
  report.proves(before.every((kid) => after.includes(kid)), 'no key is lost', { before, after });
  report.proves((await target.call('GET', '/me', { bearer })).status === 200, 'tokens from before are valid');
  report.proves((await target.login(email, PASSWORD)).status === 200, 'users log in');
}
