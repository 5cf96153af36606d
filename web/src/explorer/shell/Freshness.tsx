import { useEffect, useState, type ReactElement } from "react";

import { useLive, type Live } from "../service/live";
import { currentKey, takeKey } from "../../key";
import { BRIEFLY, count, moment, span, SYNC } from "../words";
import { Popover } from "./Popover";

/** How old the picture is and what the sync is doing: always in sight, and more of it behind a click. */
export function Freshness(): ReactElement {
  const live = useLive();
  const now = useNow();
  const age = live.snapshot ? span(now - Date.parse(live.snapshot.takenAt)) : undefined;
  const { tone, words } = stateOf(live);
  const sync = live.sync && SYNC[live.sync.state];
  return (
    <Popover
      className="freshness"
      summary={
        <>
          <span className={`dot ${tone}`} aria-hidden="true" />
          <span className="told">
            <span>{age ? `${age} old` : "No picture yet"}</span> <span className="quiet">{words}</span>
          </span>
        </>
      }
    >
      <dl className="facts">
        <Fact name="Picture taken" value={live.snapshot && moment(live.snapshot.takenAt)} />
        <Fact name="People in it" value={live.snapshot?.userCount !== undefined && count(live.snapshot.userCount)} />
        <Fact name="Version" value={live.snapshot?.version} />
        <Fact name="Sync" value={sync} />
        <Fact name="Updates" value={UPDATES[live.connection]} />
        <Fact name="Last good scan" value={live.sync?.lastSuccessAt && moment(live.sync.lastSuccessAt)} />
        <Fact name="Next scan" value={live.sync?.nextRunAt && moment(live.sync.nextRunAt)} />
        <Fact name="Failures in a row" value={!!live.sync?.failuresInARow && count(live.sync.failuresInARow)} />
        <Fact name="Last failure" value={!!live.sync?.failuresInARow && live.sync.lastFailure?.message} />
        <Fact
          name="Calls to Gong today"
          value={live.sync && `${count(live.sync.upstream.callsToday)} of ${count(live.sync.upstream.dailyBudget)}`}
        />
      </dl>
      {currentKey() && (
        <button type="button" className="button" onClick={() => takeKey("")}>
          Forget the key of this tab
        </button>
      )}
    </Popover>
  );
}

function Fact({ name, value }: { name: string; value: string | false | null | undefined }): ReactElement | null {
  if (!value) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function stateOf(live: Live): { tone: string; words: string } {
  if (live.connection === "away") return { tone: "bad", words: "Connection lost" };
  if (live.connection === "refused") return { tone: "bad", words: "No access" };
  const { sync } = live;
  if (!sync || live.connection === "connecting") return { tone: "waiting", words: "Connecting" };
  const words = BRIEFLY[sync.state];
  switch (sync.state) {
    case "IDLE":
      return { tone: "good", words };
    case "STARTING":
      return { tone: "waiting", words };
    case "SYNCING": {
      const progress = sync.pagesExpected ? ` ${count(sync.pagesRead)}/${count(sync.pagesExpected)}` : "";
      return { tone: "busy", words: words + progress };
    }
    default:
      return { tone: "bad", words };
  }
}

const UPDATES: Record<Live["connection"], string> = {
  connecting: "Connecting",
  open: "As they happen",
  polled: "Asked for every 10 s: no WebSocket stays open",
  away: "None: the connection is lost",
  refused: "None: the key isn’t good",
};

function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
