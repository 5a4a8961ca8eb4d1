import { App } from 'aws-cdk-lib';
import { Minimal } from './minimal.ts';

const app = new App();
new Minimal(app, 'Minimal');
