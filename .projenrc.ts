import { awscdk, javascript, typescript } from 'projen';
import { localDeps, pinTools, runtimeDeps, toolDeps, versions } from './projenrc/versions.ts';
import { Scripts } from './projenrc/scripts.ts';
import { Workflows } from './projenrc/workflows.ts';
import { TypeCheck } from './projenrc/type-check.ts';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-auth-service',
  description: 'A complete authentication service as one AWS CDK construct: API, functions, tables, keys, firewall, alarms.',
  keywords: ['aws', 'cdk', 'auth', 'authentication', 'jwt', 'serverless'],
  author: 'cdk-auth-service contributors',
  authorAddress: 'https://github.com/cdk-auth-service',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cdk-auth-service/cdk-auth-service.git',
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  stability: 'experimental',
  majorVersion: 0,

  // One library, five languages.
  publishToPypi: { distName: 'cdk-auth-service', module: 'cdk_auth_service' },
  publishToMaven: {
    javaPackage: 'io.github.cdkauthservice',
    mavenGroupId: 'io.github.cdkauthservice',
    mavenArtifactId: 'cdk-auth-service',
  },
  publishToNuget: { dotNetNamespace: 'CdkAuthService', packageId: 'CdkAuthService' },
  publishToGo: { moduleName: 'github.com/cdk-auth-service/cdk-auth-service-go', packageName: 'cdkauthservice' },

  // Built on the peer floor; everything pinned. No runtime dependency: what runs is bundled into assets/.
  cdkVersion: versions.awsCdkLib,
  constructsVersion: versions.constructs,
  jsiiVersion: versions.jsii,
  typescriptVersion: versions.typescript,
  projenVersion: versions.projen,
  jsiiReleaseVersion: versions.publib,
  packageManager: javascript.NodePackageManager.NPM,
  minNodeVersion: '20.0.0',
  workflowNodeVersion: '24.x',
  devDeps: [...runtimeDeps, ...localDeps, ...toolDeps],
  depsUpgrade: false,
  buildWorkflowOptions: { mutableBuild: false },
  bumpPackage: 'commit-and-tag-version@12.7.3',
  bin: { 'cdk-auth-service': 'bin/cdk-auth-service.js' },
  autoDetectBin: false,

  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.nodejs() },
  // jsii compiles src/ alone: no ambient types of tests or functions there.
  // Source maps would weigh more than the code they explain, in every language's package.
  tsconfig: { compilerOptions: { types: ['node'], inlineSourceMap: false, inlineSources: false } },
  tsconfigDevFile: 'tsconfig.dev.json',

  // The stages of scripts/test.js are the build's tests; see projenrc/scripts.ts.
  jest: false,
  eslint: false,
  sampleCode: false,
  npmignoreEnabled: false,
  githubOptions: { mergify: false },
  pullRequestTemplate: false,
  lambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  gitignore: ['/assets/', '/cdk.out/', 'cdk.out', '/.cache/', '*.tsbuildinfo', '/.jsii.tabl.json', '.jsii.gz', '*.log', '/examples/**/node_modules/'],
});

pinTools(project);
new TypeCheck(project);
new Scripts(project);
new Workflows(project);

project.synth();
