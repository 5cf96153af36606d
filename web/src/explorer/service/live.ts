import { useSyncExternalStore } from "react";

import { graphql } from "../../gql";
import type { SyncStatusEventsSubscription } from "../../gql/graphql";
import type { FaultCode } from "./fault";

/** Which snapshot an answer is from. */
export interface SnapshotMark {
  version: string;
  takenAt: string;
}

export type SyncNow = SyncStatusEventsSubscription["syncStatusChanged"];

/** What is known at this moment of the service, whatever view is open. */
export interface Live {
  snapshot?: SnapshotMark & { userCount?: number };
  sync?: SyncNow;
  /** Whether events arrive: `away` while the connection is being made again. */
  connection: "connecting" | "open" | "away" | "refused";
  /** Why nothing can be shown at all, if so: a key is asked for, or Gong is read for the first time. */
  gate?: "key" | "first-scan" | undefined;
}

export const SnapshotEvents = graphql(`
  subscription SnapshotEvents {
    snapshotPublished {
      version
      takenAt
      userCount
    }
  }
`);

export const SyncStatusEvents = graphql(`
  subscription SyncStatusEvents {
    syncStatusChanged {
      state
      lastSuccessAt
      nextRunAt
      intervalSeconds
      failuresInARow
      pagesRead
      pagesExpected
      recordsRefused
      lastFailure {
        at
        kind
        message
      }
      quarantine {
        id
        userCount
      }
      upstream {
        callsToday
        dailyBudget
        retryAfter
      }
    }
  }
`);

let live: Live = { connection: "connecting" };
let listeners: Array<() => void> = [];
let onPublished: Array<() => void> = [];

export function update(change: Partial<Live>): void {
  live = { ...live, ...change };
  for (const listener of listeners) listener();
}

/** Takes note of an answer, or of why there is none: it says whether anything can be shown. */
export function observeAnswer(code?: FaultCode): void {
  const gate = code === "UNAUTHENTICATED" ? "key" : code === "NOT_READY" ? "first-scan" : code ? live.gate : undefined;
  if (gate !== live.gate) update({ gate });
}

/**
 * Takes note of the snapshot that an answer or an event is from. Answers can overtake each other: only a later one
 * counts, and what depends on snapshots is told once of each.
 */
export function observeSnapshot(mark: SnapshotMark & { userCount?: number }): void {
  const known = live.snapshot;
  if (known && known.version === mark.version) {
    if (mark.userCount !== undefined && known.userCount !== mark.userCount) update({ snapshot: mark });
    return;
  }
  if (known && Date.parse(mark.takenAt) < Date.parse(known.takenAt)) return;
  update({ snapshot: mark });
  if (known) for (const listener of onPublished) listener();
}

/** Calls back when another snapshot is served than before; the first one isn't told. */
export function onNewSnapshot(listener: () => void): () => void {
  onPublished = [...onPublished, listener];
  return () => {
    onPublished = onPublished.filter((other) => other !== listener);
  };
}

export function useLive(): Live {
  return useSyncExternalStore(subscribe, () => live);
}

function subscribe(listener: () => void): () => void {
  listeners = [...listeners, listener];
  return () => {
    listeners = listeners.filter((other) => other !== listener);
  };
}
