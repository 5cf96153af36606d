import { useEffect, useRef, useState, type ReactElement } from "react";

import type { OrphanReason } from "../../gql/graphql";
import { isolated } from "../bidi";
import { Reports, reportsOf, Tops, topsFilter, topsOf, type Person } from "../list/people";
import { PAGE } from "../list/pages";
import { addressOf, go } from "../route";
import { Faulty } from "../shell/Faulty";
import { Title } from "../shell/Title";
import { asked, useQuestion, type Question } from "../shell/question";
import { counted, nameOf, ORPHANS } from "../words";
import { GroupHead, Leaf, ManagerHead, TopsHead } from "./heads";
import { ChartLine, foresee, GROUP_OF_END, SHOWN_ABOVE, useLine, type Line } from "./line";
import { PeopleColumn } from "./PeopleColumn";
import { BrokenLines } from "./BrokenLines";

/**
 * The chart as columns, each the reports of whoever is open in the one before. A tree that is drawn whole has no room
 * for a manager of 100,000, and none on a phone; a column has, since it is a list, and the way down to where one stands
 * is always in sight. The first column has whoever has no manager and, below, a way to everybody whose line is broken.
 */
export function ChartView({
  personId,
  reason,
}: {
  personId: string | undefined;
  reason: OrphanReason | undefined;
}): ReactElement {
  const { line, unknown, fault } = useLine(personId, reason === undefined);
  const group = reason ?? (line && GROUP_OF_END[line.end]);
  const people = line?.people ?? [];
  const columns = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState({ column: -1, request: 0 });

  const last = people.at(-1);
  useQuestion(behind(personId, last, reason));

  // The newest column comes into sight.
  const shown = `${group}/${people.map(({ id }) => id).join("/")}`;
  useEffect(() => {
    const box = columns.current;
    if (!box || (personId === undefined && reason === undefined)) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ left: box.scrollWidth, behavior: still ? "auto" : "smooth" });
  }, [shown, personId, reason]);

  const requestOf = (column: number) => (focus.column === column ? focus.request : 0);
  const enter = (column: number) => setFocus(({ request }) => ({ column, request: request + 1 }));

  // Places of columns: -2 the tops, -1 the group of broken lines, from 0 on the reports of the line's people.
  const open = (column: number) => (person: Person, into: boolean) => {
    if (line && column >= 0) foresee(line, column, person);
    else if (column === -2) foresee({ people: [], hiddenAbove: 0, end: "ROOT" }, -1, person);
    if (person.id !== personId) go({ view: "chart", personId: person.id });
    if (into) enter(column < 0 ? 0 : column + 1);
  };
  const leave = (column: number) => () => {
    if (column === 0) enter(group ? -1 : -2);
    else enter(column === -1 ? -2 : column - 1);
  };

  return (
    <>
      <Title name={last && personId ? `${isolated(nameOf(last))} in the chart` : "Org chart"} unseen />
      {unknown && (
        <div className="notice" role="status">
          Nobody in the present picture has the id {personId}.
        </div>
      )}
      {fault ? <Faulty fault={fault} /> : null}
      <div className="columns" ref={columns}>
        <PeopleColumn
          list={topsOf()}
          label="Tops of the company"
          header={<TopsHead />}
          footer={<BrokenLines open={group} />}
          empty="Nobody here is without a manager."
          open={group || !line || line.hiddenAbove > 0 ? undefined : people[0]}
          onOpen={open(-2)}
          onLeave={() => {}}
          focusRequest={requestOf(-2)}
          quietly={fault !== null}
        />
        {group && (
          <PeopleColumn
            key={group}
            list={topsOf(group)}
            label={ORPHANS[group].group}
            header={<GroupHead reason={group} />}
            empty="Nobody, in the present picture."
            open={line && line.hiddenAbove === 0 ? people[0] : undefined}
            onOpen={open(-1)}
            onLeave={leave(-1)}
            focusRequest={requestOf(-1)}
            quietly={fault !== null}
          />
        )}
        {line && line.hiddenAbove > 0 && <Above line={line} />}
        {people.map((manager, column) => (
          <PeopleColumn
            key={manager.id}
            list={reportsOf(manager.id)}
            label={`Reports of ${isolated(nameOf(manager))}`}
            header={<ManagerHead manager={manager} />}
            empty={<Leaf person={manager} />}
            open={people[column + 1]}
            onOpen={open(column)}
            onLeave={leave(column)}
            focusRequest={requestOf(column)}
            quietly={fault !== null}
          />
        ))}
      </div>
    </>
  );
}

function Above({ line }: { line: Line }): ReactElement | null {
  const [highest] = line.people;
  if (!highest) return null;
  return (
    <a className="above" href={addressOf({ view: "chart", personId: highest.id })}>
      {counted(line.hiddenAbove, "more level")} above
    </a>
  );
}

/** The query behind the chart: of the line, or of the column that stands last. */
function behind(personId: string | undefined, last: Person | undefined, reason: OrphanReason | undefined): Question {
  if (personId) return asked(ChartLine, { id: personId, shown: SHOWN_ABOVE });
  if (last) return asked(Reports, { managerId: last.id, first: PAGE });
  return asked(Tops, { filter: topsFilter(reason), first: PAGE });
}
