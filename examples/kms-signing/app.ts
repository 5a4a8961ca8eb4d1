import { App } from 'aws-cdk-lib';
import { KmsSigning } from './kms-signing.ts';

const app = new App();
new KmsSigning(app, 'KmsSigning');
