// Relay: its network is two functions, one for queries and one for subscriptions.
import type { Client as Socket } from "graphql-ws";
import {
  Environment,
  Network,
  Observable,
  RecordSource,
  Store,
  type FetchFunction,
  type GraphQLResponse,
  type SubscribeFunction,
} from "relay-runtime";

export function environment(url: string, socket: Socket, key?: string): Environment {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept: "application/graphql-response+json",
  };
  if (key) headers.authorization = `Bearer ${key}`;

  const fetchQuery: FetchFunction = async ({ text }, variables) => {
    const response = await fetch(url, {
      method: "POST",
      headers,
      body: JSON.stringify({ query: text, variables }),
    });
    return response.json();
  };

  const subscribe: SubscribeFunction = ({ text, name }, variables) =>
    Observable.create<GraphQLResponse>((sink) =>
      socket.subscribe(
        { query: text ?? "", operationName: name, variables },
        { next: (answer) => sink.next(answer as GraphQLResponse), error: sink.error, complete: sink.complete },
      ),
    );

  return new Environment({ network: Network.create(fetchQuery, subscribe), store: new Store(new RecordSource()) });
}
