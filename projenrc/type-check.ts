import { Component, JsonFile } from 'projen';
import type { awscdk } from 'projen';

/** Options every folder outside src/ is checked with; src/ keeps the ones jsii demands. */
const strict = {
  target: 'ES2024',
  lib: ['ES2024'],
  types: ['node'],
  module: 'preserve',
  moduleResolution: 'bundler',
  strict: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noPropertyAccessFromIndexSignature: false,
  forceConsistentCasingInFileNames: true,
  esModuleInterop: true,
  resolveJsonModule: true,
  isolatedModules: true,
  skipLibCheck: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  incremental: true,
};

/**
 * Type checks of the code that jsii does not compile: the functions, the local instance, and everything that tests,
 * measures or shows. jsii owns tsconfig.json and src/.
 */
export class TypeCheck extends Component {
  public constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);

    // lambda/ may reach src/contract and nothing else: test/package/import-law.test.ts proves it.
    this.folder('lambda', { include: ['**/*.ts'] });
    this.folder('local', { include: ['**/*.ts', '**/*.d.ts'] });

    project.tryRemoveFile('tsconfig.dev.json');
    new JsonFile(project, 'tsconfig.dev.json', {
      allowComments: false,
      obj: {
        compilerOptions: {
          ...strict,
          types: ['node', 'jest'],
          // The examples import the library by its name; they are checked against the sources, compiled or not.
          paths: { 'cdk-auth-service': ['./src/index.ts'] },
          tsBuildInfoFile: '.cache/tsc/dev.tsbuildinfo',
        },
        include: [
          'test/**/*.ts',
          'bench/**/*.ts',
          'examples/**/*.ts',
          'scripts/**/*.ts',
          'projenrc/**/*.ts',
          'local/**/*.d.ts',
          '.projenrc.ts',
        ],
        exclude: ['node_modules', '**/node_modules', '**/cdk.out'],
      },
    });
    project.tryRemoveFile('projenrc/tsconfig.json');
  }

  private folder(name: string, files: { include: string[] }): void {
    new JsonFile(this.project, `${name}/tsconfig.json`, {
      allowComments: false,
      obj: {
        compilerOptions: { ...strict, tsBuildInfoFile: `../.cache/tsc/${name}.tsbuildinfo` },
        ...files,
      },
    });
  }
}
