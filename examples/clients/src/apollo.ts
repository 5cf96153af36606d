// Apollo Client 4: a cache that knows pages, subscriptions over a WebSocket, queries by their hash.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { OperationTypeNode } from "graphql";
import { relayStylePagination } from "@apollo/client/utilities";
import type { Client as Socket } from "graphql-ws";

import { sha256 } from "./hash";

export function apollo(url: string, socket: Socket, key?: string) {
  const http = new HttpLink({ uri: url, headers: key ? { authorization: `Bearer ${key}` } : {} });
  const link = ApolloLink.split(
    ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
    new GraphQLWsLink(socket),
    // The text goes over the network once; from then on its hash will do, and a GET that caches may keep.
    new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http),
  );
  const cache = new InMemoryCache({
    typePolicies: {
      // Pages of one list grow together; lists differ by these arguments.
      Query: { fields: { reports: relayStylePagination(["managerId", "transitive", "filter", "orderBy"]) } },
    },
  });
  return new ApolloClient({ link, cache });
}
