// One WebSocket for all subscriptions; it comes again by itself when the service is restarted.
import { createClient } from "graphql-ws";

/** Refused for good: the credentials don't hold, or what the client says can't be right. All other closes pass. */
const REFUSED = [4400, 4401, 4403, 4406, 4409, 4429];

export function socket(url: string, key?: string, webSocketImpl: unknown = globalThis.WebSocket) {
  return createClient({
    url: url.replace(/^http/, "ws"),
    webSocketImpl,
    connectionParams: key ? { authorization: `Bearer ${key}` } : {},
    retryAttempts: Infinity,
    shouldRetry: (closed) => !(isClose(closed) && REFUSED.includes(closed.code)),
  });
}

function isClose(closed: unknown): closed is CloseEvent {
  return typeof closed === "object" && closed !== null && "code" in closed;
}
