// graphql-eslint's recommended and Relay rule sets over the schema. What differs from them says why.
import graphql from "@graphql-eslint/eslint-plugin";

const recommended = graphql.configs["flat/schema-recommended"].rules;
const relay = graphql.configs["flat/schema-relay"].rules;
const [, conventions] = recommended["@graphql-eslint/naming-convention"];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: "schema.graphql" } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...recommended,
      ...relay,
      // An underscore begins the names that Apollo Federation prescribes, and no others.
      "@graphql-eslint/naming-convention": ["error", { ...conventions, allowLeadingUnderscore: true }],
      "no-restricted-syntax": ["error", "Name[value=/^_(?!(entities|service|Any|Entity|Service)$)/]"],
      // What can be asked for again has an id: users. Pages, edges, counts and findings are answers.
      "@graphql-eslint/strict-id-in-types": "off",
      "@graphql-eslint/relay-edge-types": [
        "error",
        {
          // Connections have GitHub's `nodes` beside their edges, and what has no pages is a list.
          listTypeCanWrapOnlyEdgeType: false,
          // Findings and the like are paged too, and have no id that `node` could find.
          shouldImplementNode: false,
        },
      ],
    },
  },
];
