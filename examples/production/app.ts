import { App } from 'aws-cdk-lib';
import { Production } from './production.ts';

const app = new App();
new Production(app, 'Production');
