import { defineConfig } from 'vitest/config';

/** Tests that look at pages in a real browser: `npm run test:browser`. */
export default defineConfig({
  test: { include: ['test/browser/**/*.browser.ts'], testTimeout: 300_000, hookTimeout: 600_000 },
});
