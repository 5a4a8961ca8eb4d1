import { App } from 'aws-cdk-lib';
import { CompanyPolicies } from './company-policies.ts';

const app = new App();
new CompanyPolicies(app, 'CompanyPolicies');
