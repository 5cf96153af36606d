import { useState, type FormEvent, type ReactElement } from "react";

import { Fault } from "../service/fault";
import { currentKey, useKeyFromNowOn } from "../service/key";
import { useLive } from "../service/live";
import { count } from "../words";

/** Says in words why there is no answer, and what can be done about it. */
export function Faulty({ fault }: { fault: unknown }): ReactElement | null {
  if (!fault) return null;
  const code = fault instanceof Fault ? fault.code : "OTHER";
  switch (code) {
    case "UNAUTHENTICATED":
      return <KeyBox />;
    case "NOT_READY":
      return <FirstScan />;
    case "NETWORK":
      return <Words title="The service can’t be reached" text="This page asks again by itself, ever more rarely." />;
    case "THROTTLED": {
      const wait = (fault as Fault).retryAfter;
      const when = wait === undefined ? "soon" : `in ${count(Math.ceil(wait))} s`;
      return <Words title="Too much was asked at once" text={`This page asks again ${when}.`} />;
    }
    case "FORBIDDEN":
      return <Words title="Not shown to your role" text={(fault as Fault).message} />;
    default:
      return (
        <Words
          title="The service has no answer"
          text={fault instanceof Error ? fault.message : "Something went wrong."}
          id={fault instanceof Fault ? fault.requestId : undefined}
        />
      );
  }
}

function Words({ title, text, id }: { title: string; text: string; id?: string | undefined }): ReactElement {
  return (
    <div className="notice" role="status">
      <strong>{title}</strong>
      <p>{text}</p>
      {id && <p className="quiet">Request {id}</p>}
    </div>
  );
}

function FirstScan(): ReactElement {
  const { sync } = useLive();
  const expected = sync?.pagesExpected ?? undefined;
  return (
    <div className="notice" role="status">
      <strong>Reading the company from Gong for the first time</strong>
      <p>The chart opens as soon as everybody is read.</p>
      <progress aria-label="Pages read" max={expected ?? 1} value={expected ? sync?.pagesRead : undefined} />
      <p className="quiet">
        {expected ? `${count(sync?.pagesRead ?? 0)} of ${count(expected)} pages` : "How many pages there are isn’t known yet"}
      </p>
    </div>
  );
}

function KeyBox(): ReactElement {
  const [key, setKey] = useState("");
  const refused = currentKey() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim()) useKeyFromNowOn(key.trim());
  };
  return (
    <form className="notice" onSubmit={submit}>
      <strong>{refused ? "This key isn’t good" : "The service asks for a key"}</strong>
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
