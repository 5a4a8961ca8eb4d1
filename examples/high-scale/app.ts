import { App } from 'aws-cdk-lib';
import { HighScale } from './high-scale.ts';

const app = new App();
new HighScale(app, 'HighScale');
