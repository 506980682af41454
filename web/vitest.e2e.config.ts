import { defineConfig } from 'vitest/config';

// One browser and one server at a time; software rendering is slow, so the limits are wide.
export default defineConfig({
  test: {
    include: ['e2e/**/*.e2e.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
