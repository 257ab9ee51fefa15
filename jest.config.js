/**
 * Tiers by file suffix: `.spec` (pure, milliseconds), `.int.spec` (one real server), `.e2e.spec` (all
 * real), and those on a real OpenStack. Select one with `jest [path] --selectProjects unit`.
 */
const swc = {
  jsc: {
    target: 'es2024',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
  swcrc: false,
};

const tier = (displayName, testMatch, ignore = []) => ({
  displayName,
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignore],
  modulePathIgnorePatterns: ['/dist/', '/.jeroboam/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@jeroboam/source', 'node'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
});

const OPENSTACK = ['/test/openstack/', 'real-cloud'];

export default {
  projects: [
    tier(
      'unit',
      ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
      ['\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'],
    ),
    tier('int', ['<rootDir>/{apps,libs,test}/**/*.int.spec.ts'], OPENSTACK),
    tier('e2e', ['<rootDir>/{apps,libs,test}/**/*.e2e.spec.ts'], OPENSTACK),
    tier('openstack', [
      '<rootDir>/test/openstack/**/*.spec.ts',
      '<rootDir>/libs/openstack/src/real-cloud.int.spec.ts',
    ]),
  ],
};
