import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

import { compressed } from "./build/compressed.ts";
import { questions } from "./build/questions.ts";

// Where a service listens while the pages are worked on with `npm run dev`.
const service = process.env["ORGRAPH_SERVICE"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), questions(), compressed()],
  build: {
    rollupOptions: {
      input: { explorer: "index.html", graphiql: "graphiql.html" },
      // A remark of packages to React's compiler, which they have been through.
      onwarn: (warning, tell) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && tell(warning),
    },
    // A file as text inside another is nothing that the policy of the pages lets through.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
    // Whose work the pages are made of: served beside them.
    license: { fileName: "licenses.md" },
  },
  // Workers are nothing that Vite can bundle beforehand.
  optimizeDeps: { exclude: ["graphiql/setup-workers/vite", "@graphiql/react/setup-workers/vite"] },
  // As a page of the service's own: one of another origin may open no subscription.
  server: {
    proxy: {
      "/graphql": {
        target: service,
        changeOrigin: true,
        headers: { origin: service },
        ws: true,
        rewriteWsOrigin: true,
      },
    },
  },
});
