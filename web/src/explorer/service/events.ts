import { createClient, type FormattedExecutionResult } from "graphql-ws";

import { authorization, onKey } from "../../key";
import { now, observeSnapshot, SnapshotEvents, SyncStatusEvents, update, type SyncNow } from "./live";
import { pause } from "./pause";
import { poll } from "./poll";

interface Events {
  snapshotPublished: { version: string; takenAt: string; userCount: number };
  syncStatusChanged: SyncNow;
}

/** Credentials that aren't good: asking again with the same ones doesn't help. */
const REFUSED = 4403;
/** How long until a subscription that has ended is begun again. */
const AGAIN = 3_000;

/** Listens to the service for as long as the page is open; comes back by itself, and anew with another key. */
export function listen(): void {
  let end = connect();
  onKey(() => {
    end();
    end = connect();
  });
}

/** Connects, and asks for news for as long as there is no connection; ends both when what it returned is called. */
function connect(): () => void {
  update({ connection: "connecting" });
  let disposed = false;
  let endPoll: (() => void) | undefined;
  const polled = (wanted: boolean) => {
    if (wanted) return (endPoll ??= poll());
    endPoll?.();
    endPoll = undefined;
  };
  const client = createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    connectionParams: authorization,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (tries) => pause(Math.min(30_000, 500 * 2 ** tries) * (0.75 + Math.random() / 2)),
    shouldRetry: (reason) => !disposed && !isRefused(reason),
    keepAlive: 20_000,
    on: {
      connected: () => {
        polled(false);
        update({ connection: "open" });
      },
      closed: (event) => {
        if (disposed) return;
        if (isRefused(event)) {
          polled(false);
          update({ connection: "refused", gate: "key" });
          return;
        }
        // Until it is known whether the service is away, or the socket alone.
        if (now().connection === "open") update({ connection: "connecting" });
        polled(true);
      },
    },
  });
  const follow = (query: string, take: (events: Events) => void) => {
    const again = (error: unknown) => {
      if (!disposed && !isRefused(error)) setTimeout(() => follow(query, take), AGAIN);
    };
    const next = ({ data }: FormattedExecutionResult<Events>) => data && take(data);
    // Before the first scan there is no snapshot to tell of; and of some closed sockets the protocol's client lets go.
    client.subscribe<Events>({ query }, { next, error: again, complete: () => {} });
  };
  follow(SnapshotEvents.toString(), (events) => observeSnapshot(events.snapshotPublished));
  follow(SyncStatusEvents.toString(), (events) => update({ sync: events.syncStatusChanged }));
  return () => {
    disposed = true;
    polled(false);
    void client.dispose();
  };
}

const isRefused = (reason: unknown) => (reason as CloseEvent | undefined)?.code === REFUSED;
