import { graphql } from "../../gql";
import { ask } from "./ask";
import { Fault } from "./fault";
import { now, observeSnapshot, update } from "./live";

/** How often the service is asked for what it can't tell of itself. */
const EVERY = 10_000;
/** After so long an answer won't come. */
const PATIENCE = 8_000;

const SyncStatusNow = graphql(`
  query SyncStatusNow {
    syncStatus {
      ...SyncNow
    }
  }
`);

const SnapshotNow = graphql(`
  query SnapshotNow {
    snapshot {
      version
      takenAt
      userCount
    }
  }
`);

/** Asks the service for news, now and from time to time, in place of events; ends when what it returned is called. */
export function poll(): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const next = async () => {
    const connection = await askForNews();
    if (ended) return;
    if (now().connection !== connection) update({ connection });
    timer = setTimeout(() => void next(), EVERY);
  };
  void next();
  return () => {
    ended = true;
    clearTimeout(timer);
  };
}

async function askForNews(): Promise<"polled" | "away" | "refused"> {
  try {
    const { syncStatus } = await ask(SyncStatusNow, {}, AbortSignal.timeout(PATIENCE));
    update({ sync: syncStatus });
    observeSnapshot((await ask(SnapshotNow, {}, AbortSignal.timeout(PATIENCE))).snapshot);
  } catch (fault) {
    const code = fault instanceof Fault ? fault.code : "NETWORK";
    if (code === "NETWORK") return "away";
    if (code === "UNAUTHENTICATED") return "refused";
  }
  return "polled";
}
