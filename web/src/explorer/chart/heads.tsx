import type { ReactElement } from "react";

import type { OrphanReason } from "../../gql/graphql";
import { isolated } from "../bidi";
import type { Person } from "../list/people";
import { addressOf } from "../route";
import { useLive } from "../service/live";
import { Mark } from "../shell/marks";
import { Name } from "../shell/Name";
import { count, counted, nameOf, ORPHANS } from "../words";
import { droppable } from "./drag";

/** The head of the first column; whoever is dropped there would have no manager. */
export function TopsHead(): ReactElement {
  const { snapshot } = useLive();
  return (
    <header className="head" {...droppable(null)}>
      <h2>The company</h2>
      <p>
        {snapshot?.userCount !== undefined ? counted(snapshot.userCount, "person", "people") : "Whoever has no manager"}
      </p>
    </header>
  );
}

export function GroupHead({ reason }: { reason: OrphanReason }): ReactElement {
  return (
    <header className="head">
      <h2>{ORPHANS[reason].group}</h2>
      <p>The largest team first</p>
    </header>
  );
}

/** The head of somebody's reports; whoever is dropped there would report to them. */
export function ManagerHead({ manager }: { manager: Person }): ReactElement {
  const name = nameOf(manager);
  return (
    <header className="head" {...droppable(manager.id)}>
      <Back />
      <div>
        <h2>{name}</h2>
        <p>
          {counted(manager.reportCount, "report")}
          {manager.everybodyBelow > manager.reportCount && ` · ${count(manager.everybodyBelow)} in all`}
        </p>
      </div>
      <a
        className="button icon"
        href={addressOf({ view: "person", personId: manager.id })}
        aria-label={`The page of ${isolated(name)}`}
        title="The person’s page"
      >
        <Mark of="page" />
      </a>
      <a
        className="button icon"
        href={addressOf({ view: "move", personId: manager.id })}
        aria-label={`Move ${isolated(name)} to…`}
        title="Move to…"
      >
        <Mark of="move" />
      </a>
    </header>
  );
}

/** What stands where the reports of somebody would. */
export function Leaf({ person }: { person: Person }): ReactElement {
  return (
    <>
      <p>
        Nobody reports to <Name of={person} />.
      </p>
      <a href={addressOf({ view: "person", personId: person.id })}>All that is known of this person</a>
    </>
  );
}

/** On a phone one column is in sight: the way back to the one before. */
function Back(): ReactElement {
  return (
    <button
      type="button"
      className="button icon narrow"
      aria-label="Back to the column before"
      onClick={(event) => {
        const column = event.currentTarget.closest(".column");
        column?.previousElementSibling?.scrollIntoView({ inline: "start", block: "nearest" });
      }}
    >
      <Mark of="back" />
    </button>
  );
}
