import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The driver rejects promises of its own that nobody can await, when a page that it polls goes away.
    onUnhandledError: ({ name }) => name !== "ProtocolError",
    projects: [
      { test: { name: "unit", include: ["test/**/*.test.ts"], environment: "node", testTimeout: 60_000 } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/*.spec.ts"],
          environment: "node",
          maxWorkers: 2,
          // Two real browsers on a busy machine now and then lose an event of the driver; the summary names each retry.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
