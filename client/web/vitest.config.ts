import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["protocol/tests/**/*.test.ts", "submit/tests/**/*.test.ts"],
    // Argon2id at 256 MiB, and programs that are started, on a slow machine.
    testTimeout: 120_000,
  },
});
