import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          globalSetup: ["test/kernels.ts"],
          include: ["test/**/*.test.ts"],
          exclude: ["test/ui/**", "test/extension-host/**", "**/node_modules/**"],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: "ui",
          include: ["test/ui/**/*.test.ts"],
          exclude: ["**/node_modules/**"],
          // One VS Code at a time: two of them on two cores would only slow each other down.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
