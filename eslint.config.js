import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const allowed = [
  ['type:kernel', []],
  ['type:domain', ['type:kernel']],
  ['type:read-models', ['type:kernel', 'type:domain']],
  ['type:platform', ['type:kernel']],
  ['type:openstack', []],
  ['type:drivers', ['type:domain']],
  [
    'type:testing',
    [
      'type:kernel',
      'type:domain',
      'type:platform',
      'type:openstack',
      'type:drivers',
      'type:read-models',
    ],
  ],
  [
    'type:app',
    [
      'type:kernel',
      'type:domain',
      'type:read-models',
      'type:platform',
      'type:openstack',
      'type:drivers',
    ],
  ],
  [
    'type:test',
    [
      'type:kernel',
      'type:domain',
      'type:read-models',
      'type:platform',
      'type:openstack',
      'type:drivers',
      'type:testing',
      'type:test',
    ],
  ],
  ['type:workspace', ['type:workspace']],
];

const boundaries = (...alsoFromSpecs) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    depConstraints: allowed.map(([sourceTag, targets]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: [...targets, ...alsoFromSpecs],
    })),
  },
];

/** What would make a fold of the log give another answer the second time. */
const impure = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time arrives in the command.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time arrives in the command.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Ids arrive in the command.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^node:/]',
    message: 'Pure code imports nothing of the platform.',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|fetch)$/]',
    message: 'No timers and no I/O in pure code.',
  },
  { selector: "Identifier[name='process']", message: 'Pure code reads no environment.' },
];

const banned = [
  { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
  {
    selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
    message: 'No casts through unknown.',
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.jeroboam/**',
      'test/canary/**',
      '*.config.js',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(),
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Nest modules are classes whose only content is their decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'no-restricted-syntax': ['error', ...banned],
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      'max-lines-per-function': ['error', { max: 60, IIFEs: true }],
      'max-params': ['error', 3],
      // A switch over the kinds of a message is one decision, however many kinds there are.
      complexity: ['error', { max: 8, variant: 'modified' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['libs/{eventing,domain,read-models}/src/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.contract.ts'],
    rules: { 'no-restricted-syntax': ['error', ...banned, ...impure] },
  },
  {
    // Constructors that take their collaborators by injection.
    files: ['apps/**/*.ts', 'libs/platform/**/*.ts'],
    rules: { 'max-params': ['error', 5] },
  },
  {
    files: ['**/*.spec.ts', '**/*.contract.ts', 'test/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries('type:testing'),
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
