import { App } from 'aws-cdk-lib';
import { IdentityStack, OrdersStack } from './two-stacks.ts';

const app = new App();
const identity = new IdentityStack(app, 'Identity');
new OrdersStack(app, 'Orders', { auth: identity.auth });
