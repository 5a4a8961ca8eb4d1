import type { App } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { AuthApi, AuthService, CloudFrontFirewall, Firewall } from '../../../../src';
import { domainIn } from '../../support/fronts';
import type { WrongUse } from './wrong';

const beside = (stack: Stack, id = 'Other') => new Stack(stack.node.scope as App, id);
const TAKEN = (property: string, name: string, owner: string) => `${property} must be a name that nothing else in the same account and Region has, got "${name}", which ${owner} has: `;
const SERVICE = 'alarms, dashboard, metrics and saved queries are called by it: leave it out, or name each service differently';

/** Names that something else in the app has already. */
export const TAKEN_NAMES: readonly WrongUse[] = [
  ['a serviceName of another service of the stack', (_auth, stack) => ['One', 'Two'].map((id) => new AuthService(stack, id, { serviceName: 'shop' })),
    `${TAKEN('serviceName', 'shop', 'Stack/One')}${SERVICE}`],
  ['a serviceName of another stack', (_auth, stack) => [stack, beside(stack)].map((scope) => new AuthService(scope, 'Shop', { serviceName: 'shop' })),
    `${TAKEN('serviceName', 'shop', 'Stack/Shop')}${SERVICE}`],
  ['a serviceName that another service has by default', (auth, stack) => new AuthService(stack, 'Other', { serviceName: auth.serviceName }),
    `${TAKEN('serviceName', 'Stack-Auth-0CADE007', 'Stack/Auth')}${SERVICE}`],
  ['a host of another service', (_auth, stack) => ['One', 'Two'].map((id) => {
    const own = beside(stack, id);
    return new AuthService(own, 'Auth', { api: AuthApi.rest({ customDomain: domainIn(own, 'eu-central-1') }) });
  }), `${TAKEN('api: customDomain: domainName', 'auth.example.com', 'One/Auth')}a host is one service's alone, cookies included`],
  ['a host of CloudFront in two Regions', (_auth, stack) => ['eu-central-1', 'us-west-2'].map((region) => {
    const own = new Stack(stack.node.scope as App, region, { env: { account: '111111111111', region } });
    return new AuthService(own, 'Auth', { api: AuthApi.http({ customDomain: domainIn(own, 'us-east-1') }), firewall: Firewall.centrallyManaged() });
  }), `${TAKEN('api: customDomain: domainName', 'auth.example.com', 'eu-central-1/Auth')}a host is one service's alone, cookies included`],
  ['a prefix of another service', (auth, stack) => {
    auth.publishTo('/auth');
    new AuthService(beside(stack), 'Auth').publishTo('/auth');
  }, `${TAKEN('prefix', '/auth', 'Stack/Auth')}each service is published under its own`],
  ['a name of another firewall before CloudFront', (_auth, stack) => ['One', 'Two'].map((id) => new CloudFrontFirewall(stack, id, { serviceName: 'shop' })),
    `${TAKEN('CloudFrontFirewall: serviceName', 'shop', 'Stack/One')}its metrics and its log are called by it: leave it out, or name each differently`],
];
