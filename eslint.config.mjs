import tseslint from 'typescript-eslint';

/**
 * Without type information, so that it takes seconds; the type checks are stages of their own. The import law between
 * the rooms is test/package/import-law.test.ts.
 */
const law = {
  environment: {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'read the environment in lambda/composition only, and hand values down',
  },
  now: {
    selector: 'CallExpression[callee.object.name="Date"][callee.property.name="now"], NewExpression[callee.name="Date"][arguments.length=0], CallExpression[callee.object.name="performance"]',
    message: 'take the time from the Clock port',
  },
  random: {
    selector: 'CallExpression[callee.object.name="Math"][callee.property.name="random"]',
    message: 'take randomness from the crypto port',
  },
};

const onlyAdaptersUseTheSdk = ['error', {
  patterns: [{ group: ['@aws-sdk/*', '@smithy/*'], message: 'only lambda/adapters speak to AWS: add a port' }],
}];

export default tseslint.config(
  {
    ignores: ['**/node_modules/', 'assets/', 'lib/', 'dist/', '.cache/', '**/cdk.out/', 'coverage/', 'docs/', '**/*.d.ts', '**/*.generated.ts'],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'curly': ['error', 'multi-line'],
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
      'no-console': 'off',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-throw-literal': 'error',
      'max-len': ['error', { code: 160, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true, caughtErrors: 'none' }],
      '@typescript-eslint/no-empty-object-type': 'off',
    },
  },
  {
    // Node runs these as they are, and strips only what is marked as a type.
    files: ['scripts/**/*.ts', 'projenrc/**/*.ts', '.projenrc.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }] },
  },
  {
    files: ['lambda/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', law.environment, law.now, law.random],
      'no-restricted-imports': onlyAdaptersUseTheSdk,
      'no-console': 'error',
    },
  },
  {
    files: ['lambda/adapters/**/*.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['lambda/composition/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', law.now, law.random] },
  },
  {
    // Stands in for the SDK's own reader of these variables.
    files: ['lambda/adapters/aws/environment-credentials.ts'],
    rules: { 'no-restricted-syntax': ['error', law.now, law.random] },
  },
  {
    files: ['lambda/adapters/node-crypto/**/*.ts', 'lambda/adapters/clock/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', law.environment] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
);
