// A program of its own: synthesizes what the validation suite looks at, with the validation of templates that is built into aws-cdk-lib.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CompanyPolicies } from '../../../examples/company-policies/company-policies';
import { HighScale } from '../../../examples/high-scale/high-scale';
import { Production } from '../../../examples/production/production';
import { QuickStart } from '../../../examples/quickstart/quickstart';
import { IdentityStack, OrdersStack } from '../../../examples/two-stacks/two-stacks';
import { AuthNetwork, AuthPreset, AuthService, Firewall } from '../../../src';

const [outdir = '', context = '{}'] = process.argv.slice(2);
// The references between stacks are said to be strong, as in the example's cdk.json: the newest CDK wants that to be a choice.
const app = new App({ outdir: join(outdir, 'clean'), postCliContext: { ...JSON.parse(context), '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
const env = { account: '111111111111', region: 'eu-central-1' };

new QuickStart(app, 'QuickStart');
new QuickStart(app, 'QuickStartConcrete', { env });
new Production(app, 'Production', { env });
new HighScale(app, 'HighScale');
new CompanyPolicies(app, 'CompanyPolicies');
new OrdersStack(app, 'Orders', { auth: new IdentityStack(app, 'Identity').auth });

const two = new Stack(app, 'TwoServices');
new AuthService(two, 'Customers');
new AuthService(two, 'Staff', { preset: AuthPreset.production() });

const everything = new Stack(app, 'Everything', { env });
new AuthService(everything, 'Auth', {
  webApp: { origins: ['https://app.example.com'] },
  encryptionKey: new Key(everything, 'Key', { enableKeyRotation: true }),
  firewall: Firewall.managed({ blockedNetworks: ['192.0.2.0/24', '2001:db8::/32'] }),
  network: AuthNetwork.existingVpc(new Vpc(everything, 'Vpc', { restrictDefaultSecurityGroup: false }), { createEndpoints: true }),
}).publishTo('/auth');

app.synth();

// What is wrong must be found, or the silence above says nothing.
const control = new App({ outdir: join(outdir, 'control'), postCliContext: JSON.parse(context) });
new CfnResource(new Stack(control, 'Wrong'), 'Function', { type: 'AWS::Lambda::Function', properties: { Timeout: 'soon', Cod: {} } });
control.synth();
process.exitCode = 0;
writeFileSync(join(outdir, 'done'), '');
