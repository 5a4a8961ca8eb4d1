import { App } from 'aws-cdk-lib';
import { QuickStart } from './quickstart.ts';

const app = new App();
new QuickStart(app, 'QuickStart');
