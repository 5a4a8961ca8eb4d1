import { App } from 'aws-cdk-lib';
import { CustomDomain } from './custom-domain.ts';

const app = new App();
new CustomDomain(app, 'CustomDomain');
