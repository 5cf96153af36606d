import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where a service listens while the pages are worked on with `npm run dev`.
const service = process.env["ORGRAPH_SERVICE"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  build: {
    rollupOptions: { input: { explorer: "index.html", graphiql: "graphiql.html" } },
    // A file as text inside another is nothing that the policy of the pages lets through.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 6000,
  },
  server: { proxy: { "/graphql": { target: service, ws: true } } },
});
