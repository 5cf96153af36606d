import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";

import { currentKey, takeKey } from "../../key";
import { useLive } from "../service/live";
import { count, moment } from "../words";

/**
 * Stands before all views while nothing can be shown on any: without a key, or before the first scan has ended. What is
 * behind it stays there and asks on, so that it opens by itself.
 */
export function Gate({ children }: { children: ReactNode }): ReactElement {
  const { gate } = useLive();
  return (
    <>
      {gate === "key" && <KeyBox />}
      {gate === "first-scan" && <FirstScan />}
      <div className="view" hidden={gate !== undefined}>
        {children}
      </div>
    </>
  );
}

function FirstScan(): ReactElement {
  const { sync } = useLive();
  const expected = sync?.pagesExpected ?? undefined;
  const failures = sync?.failuresInARow ?? 0;
  const reads = failures === 0 || sync?.state === "SYNCING";
  return (
    <div className="notice" role="status">
      <h1>
        {reads
          ? "Reading the company from Gong for the first time"
          : "The company couldn’t be read from Gong yet"}
      </h1>
      {sync?.lastFailure && failures > 0 && (
        <p>
          {failures > 1 && `${count(failures)} tries have failed, the last one for this reason: `}
          {sync.lastFailure.message}
        </p>
      )}
      <p>
        {!reads && sync?.nextRunAt && `The next try: ${moment(sync.nextRunAt)}. `}
        The chart opens as soon as everybody is read.
      </p>
      {reads && (
        <>
          <progress aria-label="Pages read" max={expected ?? 1} value={expected ? sync?.pagesRead : undefined} />
          <p className="quiet">
            {expected
              ? `${count(sync?.pagesRead ?? 0)} of ${count(expected)} pages`
              : "How many pages there are isn’t known yet"}
          </p>
        </>
      )}
    </div>
  );
}

function KeyBox(): ReactElement {
  const [key, setKey] = useState("");
  const refused = currentKey() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim()) takeKey(key.trim());
  };
  return (
    <form className="notice" onSubmit={submit}>
      <h1>{refused ? "This key isn’t good" : "The service asks for a key"}</h1>
      <label htmlFor="key">API key or token</label>
      <div className="row">
        <input
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <button type="submit" className="button strong">
          Use it
        </button>
      </div>
      <p className="quiet">It is kept in this tab only, and forgotten when the tab is closed.</p>
    </form>
  );
}
