import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactElement } from "react";

import { PersonCard } from "../chart/PersonCard";
import type { Person } from "../list/people";
import { Faulty } from "../shell/Faulty";
import { Mark } from "../shell/marks";
import { counted } from "../words";
import { useFound } from "./found";

interface Props {
  id: string;
  label: string;
  placeholder: string;
  /** A key that leads here, told where there is room. */
  shortcut?: string;
  onPick(person: Person): void;
}

/** A box to write words in, and below it the people who are meant: arrows choose, Enter picks, Escape closes. */
export function PersonPicker({ id, label, placeholder, shortcut, onPick }: Props): ReactElement {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const found = useFound(text);
  const list = useId();
  const hasty = useRef(false);
  const shown = open && text.trim() !== "";
  const active = Math.min(at, found.people.length - 1);

  const pick = (person: Person | undefined) => {
    if (!person) return;
    hasty.current = false;
    setText("");
    setOpen(false);
    onPick(person);
  };
  // Whoever presses Enter before the answer is there means the first of it.
  useEffect(() => {
    if (hasty.current && !found.stale) pick(found.people[0]);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const length = Math.max(1, found.people.length);
      setOpen(true);
      setAt((active + step + length) % length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (found.stale) hasty.current = text.trim() !== "";
      else pick(found.people[active]);
    } else if (event.key === "Escape") {
      hasty.current = false;
      if (shown) setOpen(false);
      else setText("");
    }
  };

  return (
    <div className="picker" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <Mark of="search" />
      <input
        id={id}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={shown}
        aria-controls={shown ? list : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${list}-${active}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          hasty.current = false;
          setText(event.target.value);
          setOpen(true);
          setAt(0);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
      />
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
      {shown && (
        <div className="panel offers">
          {found.fault ? <Faulty fault={found.fault} /> : null}
          {found.people.length > 0 && (
            <div role="listbox" id={list} aria-label={label}>
              {found.people.map((person, index) => (
                <div
                  key={person.id}
                  id={`${list}-${index}`}
                  role="option"
                  aria-selected={index === active}
                  className="card"
                  onMouseDown={(event) => event.preventDefault()}
                  onMouseMove={() => setAt(index)}
                  onClick={() => pick(person)}
                >
                  <PersonCard person={person} />
                </div>
              ))}
            </div>
          )}
          <p className="quiet" role="status">
            {found.totalCount === undefined
              ? "Searching…"
              : found.totalCount === 0
                ? "Nobody is found by these words."
                : found.totalCount > found.people.length
                  ? `The best ${found.people.length} of ${counted(found.totalCount, "person", "people")}`
                  : counted(found.totalCount, "person", "people")}
          </p>
        </div>
      )}
    </div>
  );
}
