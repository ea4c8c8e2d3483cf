/**
 * Mutation of the two folders every verdict rests on: `npm run mutate`, or a part of it by
 * `npm run mutate -- --mutate 'lib/verdict/**'`. Ends with an error below 85 % killed.
 *
 * Static mutants (tables read when a module loads) are tested too, though each costs a whole run of the tests.
 */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.mutate.config.ts', related: false },
  mutate: ['lib/statistics/**/*.ts', 'lib/verdict/**/*.ts'],
  coverageAnalysis: 'perTest',
  ignoreStatic: false,
  concurrency: 2,
  // The first run, which this is a factor of, is a hundred times slower than one against a mutant.
  timeoutFactor: 0.3,
  timeoutMS: 15_000,
  // What did not change since the last run is not run again; `--force` runs all.
  incremental: true,
  incrementalFile: '.stryker/incremental.json',
  tempDirName: '.stryker/sandbox',
  // tsconfig.json stays out: Stryker rewrites it by an interface that TypeScript 7 no longer has.
  ignorePatterns: ['**', '!lib/**', '!test/**', '!package.json', '!vitest.mutate.config.ts'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.stryker/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 90, low: 85, break: 85 },
};
