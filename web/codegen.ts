import type { CodegenConfig } from "@graphql-codegen/cli";

// Types of the questions that the pages ask, from the contract that the service is held to.
const config: CodegenConfig = {
  schema: "../schema.graphql",
  documents: ["src/**/*.{ts,tsx}", "!src/gql/**"],
  ignoreNoDocuments: true,
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      // The text of a question, without a parser in the browser.
      config: {
        documentMode: "string",
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: "string", DateTime: "string", Date: "string", EmailAddress: "string" },
      },
    },
  },
};

export default config;
