import type { ReactElement } from "react";

import { Fault } from "../service/fault";
import { count } from "../words";

/** Says in words why there is no answer, and what can be done about it. */
export function Faulty({ fault }: { fault: unknown }): ReactElement | null {
  if (!fault) return null;
  const code = fault instanceof Fault ? fault.code : "OTHER";
  switch (code) {
    // The gate tells these, once for all of the page.
    case "UNAUTHENTICATED":
    case "NOT_READY":
      return null;
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
