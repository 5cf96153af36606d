import type { ReactElement } from "react";

import { balanced } from "../bidi";
import { addressOf } from "../route";
import { Name } from "../shell/Name";
import { counted, ENDS } from "../words";
import type { PersonOfPage } from "./PersonView";

/** The line of managers, from where it ends down to the person. */
export function Chain({ person }: { person: PersonOfPage }): ReactElement {
  const { nodes, length, end } = person.managerChain;
  const highest = nodes.at(-1);
  const hidden = length - nodes.length;
  return (
    <section>
      <h2>Line of managers</h2>
      <ol className="chain">
        {hidden > 0 && highest ? (
          <li className="end">
            <a href={addressOf({ view: "person", personId: highest.id })}>{counted(hidden, "more manager")} above</a>
          </li>
        ) : (
          <li className={end === "ROOT" ? "end" : "end broken-end"}>{ENDS[end]}</li>
        )}
        {[...nodes].reverse().map((manager) => (
          <li key={manager.id}>
            <a href={addressOf({ view: "person", personId: manager.id })}><Name of={manager} /></a>
            <span className="quiet">
              <bdi>{balanced(manager.title ?? "")}</bdi>
              {!manager.active && " · inactive"}
            </span>
          </li>
        ))}
        <li aria-current="true">
          <strong><Name of={person} /></strong>
        </li>
      </ol>
      {person.managerStatus === "NOT_FOUND" && (
        <p className="quiet">Gong names the manager {person.managerId}, whom nobody in the workspace is.</p>
      )}
    </section>
  );
}
