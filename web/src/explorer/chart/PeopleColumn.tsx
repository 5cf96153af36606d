import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from "react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";

import { usePeople } from "../list/pages";
import type { PeopleList, Person } from "../list/people";
import { useIndexOf } from "../list/whereabouts";
import { go } from "../route";
import { Faulty } from "../shell/Faulty";
import { Connector } from "./Connector";
import { draggable, droppable } from "./drag";
import { takeJump } from "./jump";
import { actionOf } from "./keys";
import { PersonCard } from "./PersonCard";

/** The height of a card with the space below it; chart.css has the card's own. */
const ROW = 68;
/** How many cards below those in sight are loaded before they come. */
const AHEAD = 8;

interface Props {
  list: PeopleList;
  /** What the list is, for those who hear it. */
  label: string;
  header: ReactNode;
  footer?: ReactNode;
  /** Told where the list is empty. */
  empty: ReactNode;
  /** Who of the list is open in the next column. */
  open?: Person | undefined;
  onOpen(person: Person, into: boolean): void;
  onLeave(): void;
  /** Counts up whenever the keyboard has come to this column. */
  focusRequest: number;
  /** Whether what is wrong is told elsewhere already. */
  quietly: boolean;
}

/**
 * A column of the chart: a list of any length, of which only the cards in sight are in the page. Arrows move among the
 * cards, to the right into the reports of one, to the left back to the manager.
 */
export function PeopleColumn(props: Props): ReactElement {
  const { list, open, focusRequest } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const [range, setRange] = useState({ from: 0, to: 20, passing: false });
  const [hint, setHint] = useState<number>();
  const people = usePeople(list, range, range.passing);
  const total = people.totalCount ?? 0;
  const openIndex = useIndexOf(list, open?.id, people, hint);
  const stop = Math.min(current, Math.max(0, total - 1));

  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
    // The card that has the focus stays, however far the list is scrolled.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), stop])].sort((a, b) => a - b),
    onChange: ({ range, isScrolling }) => {
      const from = range?.startIndex ?? 0;
      const to = Math.min(Math.max(0, total - 1), (range?.endIndex ?? 0) + AHEAD);
      setRange((last) => {
        const passing = isScrolling && Math.abs(from - last.from) > 40;
        return last.from === from && last.to === to && last.passing === passing ? last : { from, to, passing };
      });
    },
  });

  // The card that is to have the focus, which may not be in the page yet.
  const awaited = useRef<number>(undefined);
  const focusAwaited = () => {
    const card = scroller.current?.querySelector<HTMLElement>(`[data-index="${awaited.current}"]`);
    if (!card) return;
    awaited.current = undefined;
    card.focus({ preventScroll: true });
  };
  useEffect(focusAwaited);
  const focusOn = (index: number) => {
    awaited.current = Math.max(0, Math.min(total - 1, index));
    rows.scrollToIndex(awaited.current, { align: "auto" });
    setCurrent(awaited.current);
    focusAwaited();
  };

  // Whom the address names is in sight, once it is known where they stand.
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (open === undefined || openIndex === undefined) return;
    if (takeJump(open.id)) focusOn(openIndex);
    if (shown.current === open.id) return;
    shown.current = open.id;
    setCurrent(openIndex);
    rows.scrollToIndex(openIndex, { align: "auto" });
  });

  const answered = useRef(0);
  useEffect(() => {
    if (focusRequest <= answered.current || total === 0) return;
    answered.current = focusRequest;
    focusOn(openIndex ?? stop);
  });

  const openAt = (index: number, into: boolean) => {
    const person = people.at(index);
    if (!person) return;
    setCurrent(index);
    setHint(index);
    shown.current = person.id;
    props.onOpen(person, into);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = actionOf(event.key, stop, total);
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (typeof action === "number") focusOn(action);
    else if (action === "into") openAt(stop, true);
    else if (action === "open") openAt(stop, false);
    else if (action === "leave") props.onLeave();
    else {
      const person = people.at(stop);
      if (person) go({ view: action, personId: person.id });
    }
  };

  const items = rows.getVirtualItems();
  return (
    <section className="column" aria-label={props.label}>
      {props.header}
      {people.fault && total === 0 && !props.quietly ? <Faulty fault={people.fault} /> : null}
      {people.totalCount === undefined && <div className="card waiting" aria-hidden="true" />}
      {people.totalCount === 0 && <div className="empty">{props.empty}</div>}
      {open && total > 0 && openIndex === undefined && (
        <div className="card pinned" data-open="">
          <PersonCard person={open} />
        </div>
      )}
      <div className="scroller" ref={scroller} tabIndex={-1}>
        {total > 0 && (
          <div
            role="listbox"
            aria-label={props.label}
            className="cards"
            style={{ height: rows.getTotalSize() }}
            onKeyDown={onKeyDown}
          >
            {items.map(({ index, start }) => {
              const person = people.at(index);
              return (
                <div
                  key={index}
                  role="option"
                  data-index={index}
                  data-person={person?.id}
                  data-open={person && person.id === open?.id ? "" : undefined}
                  aria-selected={person !== undefined && person.id === open?.id}
                  aria-setsize={total}
                  aria-posinset={index + 1}
                  aria-busy={person ? undefined : true}
                  tabIndex={index === stop ? 0 : -1}
                  className={person ? (person.active ? "card" : "card inactive") : "card waiting"}
                  style={{ transform: `translateY(${start}px)` }}
                  onClick={() => openAt(index, false)}
                  onFocus={() => setCurrent(index)}
                  {...(person && draggable(person.id))}
                  {...(person && droppable(person.id))}
                >
                  {person ? <PersonCard person={person} /> : <span className="unseen">Loading</span>}
                </div>
              );
            })}
          </div>
        )}
      </div>
      {props.footer}
      {open && total > 0 && (
        <Connector
          scroller={scroller}
          card={openIndex === undefined ? undefined : openIndex * ROW + (ROW - 8) / 2 - (rows.scrollOffset ?? 0)}
        />
      )}
    </section>
  );
}
