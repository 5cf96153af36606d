// urql: a normalised cache that knows pages, subscriptions over a WebSocket, queries by their hash.
import { Client, fetchExchange, subscriptionExchange } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { persistedExchange } from "@urql/exchange-persisted";
import type { Client as Socket } from "graphql-ws";

export function urql(url: string, socket: Socket, key?: string) {
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { headers: key ? { authorization: `Bearer ${key}` } : {} },
    exchanges: [
      cacheExchange({
        resolvers: { Query: { reports: relayPagination() } },
        // Parts of a user, which have no id of their own.
        keys: { ManagerChain: () => null, Snapshot: () => null },
      }),
      persistedExchange({ preferGetForPersistedQueries: true }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = "", ...request }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ ...request, query }, sink) }),
        }),
      }),
    ],
  });
}
