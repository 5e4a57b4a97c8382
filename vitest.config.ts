import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          globalSetup: ["test/kernels.ts"],
          setupFiles: ["test/properties.ts"],
          include: ["test/**/*.test.ts"],
          exclude: ["test/ui/**", "test/extension-host/**", "**/node_modules/**"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          exclude: ["**/node_modules/**"],
          // One VS Code at a time: two of them on two cores would only slow each other down.
          fileParallelism: false,
          setupFiles: ["test/ui/support/failures.ts"],
          // Nothing here is a measurement of time: a busy machine takes long for everything.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 30_000, interval: 100 } },
        },
      },
    ],
  },
});
