import { App } from 'aws-cdk-lib';
import { FirewallStack, HttpApiStack } from './http-api.ts';

const app = new App();
// Both Regions are written out: only so can one stack hand the other one the web ACL.
const { firewall } = new FirewallStack(app, 'Firewall', { env: { region: 'us-east-1' }, crossRegionReferences: true });
new HttpApiStack(app, 'HttpApi', { env: { region: 'eu-central-1' }, crossRegionReferences: true, webAclArn: firewall.webAclArn });
