// Apollo's own composition and gateway in front of running subgraphs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import { composeServices } from "@apollo/composition";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { parse } from "graphql";

/** The schema of a running subgraph, as it tells gateways. */
async function sdlOf(url) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ _service { sdl } }" }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data._service.sdl;
}

/** Composes the subgraphs and starts a gateway in front of them. */
export async function startGateway(subgraphs) {
  const services = await Promise.all(
    subgraphs.map(async ({ name, url }) => ({ name, url, typeDefs: parse(await sdlOf(url)) })),
  );
  const { errors, hints, supergraphSdl } = composeServices(services);
  assert.deepEqual(errors?.map((error) => error.message), undefined);

  let sent = [];
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: { debug() {}, info() {}, warn: console.warn, error: console.error },
    buildService: ({ name, url }) =>
      new RemoteGraphQLDataSource({
        url,
        willSendRequest({ request }) {
          sent.push({ to: name, representations: request.variables?.representations });
        },
      }),
  });
  const { schema, executor } = await gateway.load();

  return {
    schema,
    hints,
    /** The answer to a query, and the requests to subgraphs that it took, in order. */
    async ask(query) {
      sent = [];
      const { data, errors } = await executor({
        schema,
        document: parse(query),
        queryHash: createHash("sha256").update(query).digest("hex"),
        request: { query },
        context: {},
        metrics: {},
        logger: console,
      });
      // As a client gets it.
      return JSON.parse(JSON.stringify({ data, errors, sent }));
    },
    stop: () => gateway.stop(),
  };
}
