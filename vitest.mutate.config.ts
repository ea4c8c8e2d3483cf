import { defineConfig } from 'vitest/config';

/** What `npm run mutate` runs against each mutant: the tests of the two folders it changes and nothing else. */
export default defineConfig({
  test: { include: ['test/{statistics,verdict}/**/*.test.ts'], testTimeout: 60_000 },
});
