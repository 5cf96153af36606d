// One WebSocket for all subscriptions; it comes again by itself when the service is restarted.
import { createClient } from "graphql-ws";

export function socket(url: string, key?: string, webSocketImpl: unknown = globalThis.WebSocket) {
  return createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl,
    connectionParams: key ? { authorization: `Bearer ${key}` } : {},
    retryAttempts: Infinity,
    // Refused for good: the credential doesn't hold, or the message can't be read.
    shouldRetry: (closed) => !(isClose(closed) && closed.code >= 4400),
  });
}

function isClose(closed: unknown): closed is CloseEvent {
  return typeof closed === "object" && closed !== null && "code" in closed;
}
