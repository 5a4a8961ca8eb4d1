// The reference: what the quick start synthesizes to from JavaScript, through the packed npm package.
const { App, Stack } = require('aws-cdk-lib');
const { AuthService } = require('cdk-auth-service');

const app = new App({ analyticsReporting: false, outdir: process.argv[2] });
const stack = new Stack(app, 'Quickstart');
new AuthService(stack, 'Auth');
app.synth();
