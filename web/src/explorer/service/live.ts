import { useSyncExternalStore } from "react";

import { graphql } from "../../gql";
import type { SyncNowFragment } from "../../gql/graphql";
import type { FaultCode } from "./fault";

/** Which snapshot an answer is from. */
export interface SnapshotMark {
  version: string;
  takenAt: string;
}

export type SyncNow = SyncNowFragment;

/** What is known at this moment of the service, whatever view is open. */
export interface Live {
  snapshot?: SnapshotMark & { userCount?: number };
  sync?: SyncNow;
  /**
   * Whether events arrive: `polled` where the service answers but no socket to it stays open, so that it is asked for
   * news, and `away` where it doesn't answer either. The connection is being made again in both.
   */
  connection: "connecting" | "open" | "polled" | "away" | "refused";
  /** Why nothing can be shown at all, if so: a key is asked for, or Gong is read for the first time. */
  gate?: "key" | "first-scan" | undefined;
}

graphql(`
  fragment SyncNow on SyncStatus {
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
`);

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
      ...SyncNow
    }
  }
`);

let live: Live = { connection: "connecting" };
let listeners: Array<() => void> = [];
let onPublished: Array<() => void> = [];
let whenReached: Array<() => void> = [];

export function update(change: Partial<Live>): void {
  const wasAway = live.connection === "away";
  live = { ...live, ...change };
  for (const listener of listeners) listener();
  if (wasAway && live.connection !== "away") for (const listener of whenReached) listener();
}

/** What is known now, for whoever shows nothing. */
export const now = (): Live => live;

/**
 * Takes note of an answer, or of why there is none: it says whether anything can be shown. An answer that is from no
 * snapshot, as that about the sync may be, doesn't say that there is one.
 */
export function observeAnswer(code: FaultCode | undefined, fromSnapshot: boolean): void {
  const gate = gateAfter(code, fromSnapshot);
  if (gate !== live.gate) update({ gate });
}

function gateAfter(code: FaultCode | undefined, fromSnapshot: boolean): Live["gate"] {
  if (code === "UNAUTHENTICATED") return "key";
  if (code === "NOT_READY") return "first-scan";
  const stays = code !== undefined || (live.gate === "first-scan" && !fromSnapshot);
  return stays ? live.gate : undefined;
}

/** Calls back when the service, which was away, can be reached again. */
export function onReached(listener: () => void): void {
  whenReached = [...whenReached, listener];
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
