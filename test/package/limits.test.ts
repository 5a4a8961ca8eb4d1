import { Deployed } from '../../scripts/limits/deployed';
import { limitsPage } from '../../scripts/limits/page';
import type { Assembly } from '../../scripts/settings/structs';
import { structsOf } from '../../scripts/settings/structs';
import { openApiDocument } from '../../lambda/http/openapi/document';
import { ProfileAttribute } from '../../src';
import { ErrorCodes } from '../../src/contract/error-codes';
import { Limits } from '../../src/contract/limits';
import { Routes } from '../../src/contract/routes';
import { read } from './support/repository';

const page = read('docs/limits.md');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (limit|---)/.test(line)).map((line) => line.slice(2, -2).split(' | '));

/** Numbers that nobody meets: how the service goes about its work. */
const INTERNAL: readonly string[] = [
  'PASSWORD_MIN_SOLE_FACTOR', 'PASSWORD_MIN_WITH_MFA', 'SCRYPT_MEBIBYTES', 'KEYSET_COOLDOWN_SECONDS', 'PROFILE_BYTES', 'REFRESH_GRACE_MAX_SECONDS', 'SESSIONS_PER_USER_MAX',
];

describe('AA-01 docs/limits.md', () => {
  test('has the numbers of the code and of a service with the defaults: npm run docs:limits writes it anew', () => {
    const { schemas } = (openApiDocument() as any).components;
    const profileText = ProfileAttribute.string('text')._definition.maxLength!;
    expect(page).toBe(limitsPage({ limits: Limits, routes: Routes, schemas, profileText, deployed: new Deployed() }));
  }, 60_000);

  test('shows every limit of the contract but those that nobody meets', () => {
    const source = read('scripts/limits/rows.ts');
    expect(Object.keys(Limits).filter((name) => !source.includes(`limits.${name}`)).sort()).toEqual([...INTERNAL].sort());
  });

  test('names every prop that sets a limit', () => {
    const structs = structsOf(JSON.parse(read('.jsii')) as Assembly, 'AuthServiceProps');
    const membersOf = (struct: string, types: RegExp) => structs.find(({ name }) => name === struct)!
      .members.filter(({ type }) => types.test(type)).map(({ name }) => name);
    const props = [...membersOf('AbuseOptions', /./), ...membersOf('ManagedFirewallOptions', /number/), ...membersOf('TokenOptions', /Duration/)];
    expect(props.length).toBeGreaterThanOrEqual(11);
    expect(props.filter((prop) => !rows.some(([, , , , setBy]) => new RegExp(`[.\`]${prop}\``).test(setBy!)))).toEqual([]);
  });

  test('every route with a throttle has a line', () => {
    const named = rows.flatMap(([name]) => /^throttle of `(.+)`$/.exec(name!)?.[1] ?? []);
    expect(named).toEqual(Routes.filter(({ rateLimit }) => rateLimit !== undefined).map(({ method, path }) => `${method} ${path}`));
  });

  test('answers with codes that have the status beside them', () => {
    const answers = rows.flatMap(([, , , , , answer]) => [...answer!.matchAll(/(\d{3}) `(\w+)`/g)].map(([, status, code]) => [code!, Number(status)] as const));
    expect(answers.length).toBeGreaterThan(30);
    for (const [code, status] of answers) expect([code, ErrorCodes[code as keyof typeof ErrorCodes]?.status]).toEqual([code, status]);
  });
});
