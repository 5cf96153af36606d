import { createClient, type Client } from "graphql-ws";

import { authorization, onKey } from "./key";
import { observeSnapshot, SnapshotEvents, SyncStatusEvents, update, type SyncNow } from "./live";

interface Events {
  snapshotPublished: { version: string; takenAt: string; userCount: number };
  syncStatusChanged: SyncNow;
}

/** Credentials that aren't good: asking again with the same ones doesn't help. */
const REFUSED = 4403;

/** Listens to the service for as long as the page is open; comes back by itself, and anew with another key. */
export function listen(): void {
  let client = connect();
  onKey(() => {
    void client.dispose();
    client = connect();
  });
}

function connect(): Client {
  update({ connection: "connecting" });
  let disposed = false;
  const client = createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    connectionParams: authorization,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: async (tries) => {
      const pause = Math.min(30_000, 500 * 2 ** tries) * (0.75 + Math.random() / 2);
      await Promise.race([wait(pause), online()]);
    },
    shouldRetry: (reason) => !disposed && (reason as CloseEvent).code !== REFUSED,
    keepAlive: 20_000,
    on: {
      connected: () => update({ connection: "open" }),
      closed: (event) => {
        if (disposed) return;
        const refused = (event as CloseEvent).code === REFUSED;
        update(refused ? { connection: "refused", gate: "key" } : { connection: "away" });
      },
    },
  });
  follow(client, SnapshotEvents.toString(), (events) => observeSnapshot(events.snapshotPublished));
  follow(client, SyncStatusEvents.toString(), (events) => update({ sync: events.syncStatusChanged }));
  const dispose = client.dispose.bind(client);
  return {
    ...client,
    dispose: () => {
      disposed = true;
      return dispose();
    },
  };
}

function follow(client: Client, query: string, take: (events: Events) => void): void {
  client.subscribe<Events>(
    { query },
    {
      next: ({ data }) => {
        if (data) take(data);
      },
      // Before the first scan there is no snapshot to tell of: the question is put again until there is one.
      error: (error) => {
        if (Array.isArray(error)) setTimeout(() => follow(client, query, take), 3_000);
      },
      complete: () => {},
    },
  );
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const online = () => new Promise<void>((resolve) => addEventListener("online", () => resolve(), { once: true }));
