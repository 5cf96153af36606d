import type { CSSProperties, ReactElement } from "react";

import type { Person } from "../list/people";
import { Mark } from "../shell/marks";
import { count, counted, hueOf, initials, nameOf, ORPHANS } from "../words";

/** What is to be seen of a person at a glance. Has no controls: it stands in one. */
export function PersonCard({ person }: { person: Person }): ReactElement {
  const name = nameOf(person);
  const told = ORPHANS[person.orphanReason ?? "NO_MANAGER"].one;
  return (
    <>
      <Face id={person.id} name={name} />
      <span className="who">
        <span className="name">{name}</span>
        <span className="title">
          {person.title ?? (person.kind === "AVATAR" ? "Avatar of Gong’s staff" : "No title")}
        </span>
      </span>
      <span className="signs">
        {!person.active && <span className="tag">Inactive</span>}
        {person.orphanReason && (
          <span className="tag warning" title={told}>
            <Mark of="warning" size={12} />
            <span className="unseen">{told}</span>
          </span>
        )}
        {person.reportCount > 0 && (
          <span className="team">
            <span aria-hidden="true">{count(person.reportCount)}</span>
            {person.everybodyBelow > person.reportCount && (
              <span className="below" aria-hidden="true">
                {count(person.everybodyBelow)}
              </span>
            )}
            <span className="unseen">
              , {counted(person.reportCount, "report")}, {count(person.everybodyBelow)} in all
            </span>
            <Mark of="next" size={14} />
          </span>
        )}
      </span>
    </>
  );
}

export function Face({ id, name, large = false }: { id: string; name: string; large?: boolean }): ReactElement {
  const style = { "--hue": hueOf(id) } as CSSProperties;
  return (
    <span className={large ? "face large" : "face"} style={style} aria-hidden="true">
      {initials(name)}
    </span>
  );
}
