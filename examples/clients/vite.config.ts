import { transformAsync } from "@babel/core";
import { defineConfig } from "vitest/config";

// Relay's compiler has written a file for each `graphql` tag; this puts the file in the place of the tag.
const relay = {
  name: "relay",
  enforce: "pre" as const,
  async transform(code: string, id: string) {
    if (!id.includes("/src/relay/") || id.includes("__generated__") || !code.includes("graphql`")) return;
    const transformed = await transformAsync(code, {
      filename: id,
      configFile: false,
      plugins: [["relay", { eagerEsModules: true }]],
      parserOpts: { plugins: ["typescript", "jsx"] },
      sourceMaps: true,
    });
    return transformed && { code: transformed.code ?? code, map: transformed.map };
  },
};

export default defineConfig({
  plugins: [relay],
  // The service is started once for each file of tests.
  test: { include: ["test/*.test.{ts,tsx}"], testTimeout: 60_000, hookTimeout: 60_000 },
});
