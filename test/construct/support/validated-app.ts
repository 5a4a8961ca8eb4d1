// A program of its own: synthesizes what the validation suite looks at, with the validation of templates that is built into aws-cdk-lib.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CompanyPolicies } from '../../../examples/company-policies/company-policies';
import { HighScale } from '../../../examples/high-scale/high-scale';
import { Production } from '../../../examples/production/production';
import { QuickStart } from '../../../examples/quickstart/quickstart';
import { IdentityStack, OrdersStack } from '../../../examples/two-stacks/two-stacks';
import { AuthPreset, AuthService } from '../../../src';
import { everything, usual } from './everything';

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

for (const [name, props] of [['Usual', usual], ['Everything', everything]] as const) {
  const stack = new Stack(app, name, { env });
  new AuthService(stack, 'Auth', props(stack)).publishTo('/auth');
}

app.synth();

// What is wrong must be found, or the silence above says nothing.
const control = new App({ outdir: join(outdir, 'control'), postCliContext: JSON.parse(context) });
new CfnResource(new Stack(control, 'Wrong'), 'Function', { type: 'AWS::Lambda::Function', properties: { Timeout: 'soon', Cod: {} } });
try {
  control.synth();
} catch {
  // By the feature flags a finding either fails the synthesis or is only reported; the report is there in both cases, and the suite reads it.
}
process.exitCode = 0;
writeFileSync(join(outdir, 'done'), '');
