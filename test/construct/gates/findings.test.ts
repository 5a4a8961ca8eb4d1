import { App, Stack, Validations } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';
import type { NagPack } from 'cdk-nag';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import * as library from '../../../src';
import { AuthFunctionName, AuthNetwork, AuthPreset, AuthService } from '../../../src';
import { answersHead, Routes } from '../../../src/contract/routes';
import { SUBJECTS } from '../support/catalogue';
import { expectReviewed } from '../support/reviewed';
import { construct } from '../support/synth';

const PACKS: Readonly<Record<string, new () => NagPack>> = {
  'aws-solutions': AwsSolutionsChecks,
  'serverless': ServerlessChecks,
  'hipaa-security': HIPAASecurityChecks,
  'nist-800-53-r5': NIST80053R5Checks,
  'pci-dss-321': PCIDSS321Checks,
};

/** What only whoever uses the service can decide: an alarm without an action tells nobody, and whom it tells is not ours to know. */
const LEFT_TO_THE_USER = /-CloudWatchAlarmAction$/;

interface Finding {
  readonly id: string;
  readonly path: string;
}

/** Findings that nobody has acknowledged. */
const findings = remembered((app: App, Pack: new () => NagPack) => reported(new Pack(), app));

/** All findings, whoever has acknowledged them. */
const rawFindings = remembered((app: App, Pack: new () => NagPack) => reported(Object.assign(new Pack(), { isAcknowledged: () => false }), app));

function remembered(look: (app: App, Pack: new () => NagPack) => Finding[]): typeof look {
  const seen = new Map<App, Map<new () => NagPack, Finding[]>>();
  return (app, Pack) => {
    const ofApp = seen.get(app) ?? new Map<new () => NagPack, Finding[]>();
    seen.set(app, ofApp);
    const found = ofApp.get(Pack) ?? look(app, Pack);
    ofApp.set(Pack, found);
    return found;
  };
}

function reported(pack: NagPack, app: App): Finding[] {
  return pack.validateScope(app).violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => ({ id: ruleName, path: constructPath.replace(/(\/DefaultPolicy)?\/Resource$/, '') })));
}

const classes = Object.values(library).filter((exported): exported is typeof AuthService => typeof exported === 'function');
const madeIn = new Map<App, IConstruct[]>();

/** The constructs of this library that an app holds; what lies below them is its doing. */
function made(app: App): IConstruct[] {
  const constructs = madeIn.get(app) ?? app.node.findAll().filter((child) => classes.some((type) => child instanceof type));
  madeIn.set(app, constructs);
  return constructs;
}

/** A path below a construct of this library, with what is alike in many places made equal; undefined if it lies elsewhere. */
function placeIn(app: App, path: string): string | undefined {
  const owner = made(app).find(({ node }) => path.startsWith(`${node.path}/`));
  return owner && path.slice(owner.node.path.length + 1)
    .replace(/^(Functions|Monitoring\/Alarms)\/(?!Deployments)\w+/, '$1/*')
    .replace(/^(Api\/Api\/Default|HttpApi)\/.*/, '$1/**');
}

/** What the service acknowledges by itself, as `id path`, below the construct. */
function acknowledged(service: IConstruct): Record<string, string> {
  return Object.fromEntries(service.node.findAll().flatMap((child) => child.node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([id, reason]) => [`${id.replace(/^annotation::/i, '')} ${child.node.path.slice(service.node.path.length + 1)}`, reason])));
}

const apps = new Map<string, App>();
const built = (name: string): App => {
  const app = apps.get(name) ?? SUBJECTS.find((subject) => subject.name === name)!.build();
  apps.set(name, app);
  return app;
};
const names = SUBJECTS.map(({ name }) => name);
const unique = (lines: readonly string[]): string[] => [...new Set(lines)].sort();

describe.each(Object.entries(PACKS))('cdk-nag %s', (file, Pack) => {
  test.each(names)('IC-01 %s: nothing in the service is unacknowledged, but for what is the user\'s to decide', (name) => {
    const app = built(name);
    expect(findings(app, Pack).filter(({ id, path }) => placeIn(app, path) !== undefined && !LEFT_TO_THE_USER.test(id))).toEqual([]);
  });

  test('IC-01 what is acknowledged, left to the user and found beside the service has been reviewed: UPDATE_REVIEWED=1 writes the file anew', () => {
    const lists = { acknowledged: [] as string[], left: [] as string[], others: [] as string[] };
    for (const name of names) {
      const app = built(name);
      const open = new Set(findings(app, Pack).map(({ id, path }) => `${id} ${path}`));
      const others: string[] = [];
      for (const { id, path } of rawFindings(app, Pack)) {
        const place = placeIn(app, path);
        const isOpen = open.has(`${id} ${path}`);
        if (place === undefined) others.push(...isOpen ? [id.slice(id.indexOf('-') + 1)] : []);
        else lists[isOpen ? 'left' : 'acknowledged'].push(`${id} ${place}`);
      }
      lists.others.push(...others.length > 0 ? [`${name}: ${unique(others).join(', ')}`] : []);
    }
    expectReviewed(`findings/${file}.txt`, [
      '# Found in the service and acknowledged: src/policy/findings.ts has the reasons', ...unique(lists.acknowledged),
      '', '# Found in the service and left to whoever uses it', ...unique(lists.left),
      '', '# Found beside the service: in what else a test or an example needs', ...unique(lists.others),
    ]);
  });

  test('IC-01 with a key, a network, reserved concurrency and somebody to tell nothing is left that a prop can mend', () => {
    const { app, auth, stack } = construct((scope) => ({
      encryptionKey: new Key(scope, 'Key', { enableKeyRotation: true }),
      network: AuthNetwork.existingVpc(network(scope)),
      functions: { overrides: Object.values(AuthFunctionName).map((name) => ({ name, reservedConcurrency: 10 })) },
    }));
    auth.addAlarmAction(new SnsAction(new Topic(stack, 'OnCall')));
    const mended = /CloudWatchLogGroupEncrypted|SecretsManagerUsingKMSKey|KMS5|LambdaInsideVPC|LambdaConcurrency|CloudWatchAlarmAction/;
    expect(rawFindings(app, Pack).filter(({ id, path }) => placeIn(app, path) !== undefined && mended.test(id))).toEqual([]);
  });
});

/** A network of somebody else: its own findings are not ours. */
function network(scope: Stack): Vpc {
  return new Vpc(new Stack(scope.node.root as App, 'NetworkStack'), 'Vpc');
}

const methodPath = (route: { method: string; path: string }) => `Api/Api/Default${route.path}/${route.method}`;

describe('acknowledgements', () => {
  test('IC-01 of public routes and of the own authorizer are on these routes and on no other', () => {
    const list = acknowledged(construct({ webApp: { origins: ['https://app.example.com'] } }).auth);
    const paths = unique(Routes.map(({ path }) => path));
    expect(Object.keys(list).filter((entry) => / Api\/Api\/Default/.test(entry)).sort()).toEqual([
      // Nobody has a token before logging in, and a preflight never carries one.
      ...Routes.filter(({ access }) => access === 'public').map((route) => `AwsSolutions-APIG4 ${methodPath(route)}`),
      ...paths.map((path) => `AwsSolutions-APIG4 ${methodPath({ method: 'OPTIONS', path })}`),
      // Our own authorizer instead of Amazon Cognito's.
      ...Routes.map((route) => `AwsSolutions-COG4 ${methodPath(route)}`),
      ...Routes.filter(answersHead).flatMap(({ path }) => ['APIG4', 'COG4'].map((id) => `AwsSolutions-${id} ${methodPath({ method: 'HEAD', path })}`)),
    ].sort());
  });

  test('IC-01 each has a reason of its own words', () => {
    for (const name of names) {
      for (const service of made(built(name))) for (const reason of Object.values(acknowledged(service))) expect(reason.length).toBeGreaterThan(60);
    }
  });

  test('IC-01 each is needed: some pack finds in some app what is acknowledged there', () => {
    const needed = new Set<string>();
    const given = new Set<string>();
    for (const name of names) {
      const app = built(name);
      const found = Object.values(PACKS).flatMap((Pack) => rawFindings(app, Pack));
      for (const service of made(app)) {
        for (const entry of Object.keys(acknowledged(service))) {
          const [id, place] = [entry.slice(0, entry.lastIndexOf(' ')), entry.slice(entry.lastIndexOf(' ') + 1)];
          const path = `${service.node.path}/${place}`;
          given.add(entry);
          if (found.some((finding) => finding.id === id && (finding.path === path || finding.path.startsWith(`${path}/`)))) needed.add(entry);
        }
      }
    }
    expect([...given].filter((entry) => !needed.has(entry))).toEqual([]);
    expect(given.size).toBeGreaterThan(100);
  });

  test('IC-01 of one pack do not silence another one\'s, and what is wrong beside the service is found', () => {
    const { app } = construct((stack) => ({ preset: AuthPreset.production(), encryptionKey: new Key(stack, 'Key') }));
    expect(findings(app, AwsSolutionsChecks)).toEqual([{ id: 'AwsSolutions-KMS5', path: 'Stack/Key' }]);
    for (const Pack of Object.values(PACKS)) expect(rawFindings(app, Pack).length).toBeGreaterThan(findings(app, Pack).length);
  });
});
