import { useState, type ReactElement } from "react";

import { Popover } from "./Popover";
import { shortcutsOn, switchShortcuts } from "./shortcuts";

const ALWAYS: Array<[string, string]> = [
  ["↑ ↓", "from card to card"],
  ["→", "into somebody’s reports"],
  ["←", "back to the manager"],
  ["Enter", "open"],
  ["Home, End", "the first, the last"],
];

const WRITING: Array<[string, string]> = [
  ["/", "find people"],
  ["p", "the page of a card’s person"],
  ["m", "what if the person moved"],
];

/** What keys do here, and the switch for those that write something. */
export function Keys(): ReactElement {
  const [on, setOn] = useState(shortcutsOn);
  return (
    <Popover
      className="keys"
      summary={
        <>
          <span className="unseen">Keys</span>
          <span aria-hidden="true">?</span>
        </>
      }
    >
      <List keys={ALWAYS} />
      <label>
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => {
            switchShortcuts(event.target.checked);
            setOn(event.target.checked);
          }}
        />
        And with one letter:
      </label>
      <List keys={WRITING} />
    </Popover>
  );
}

function List({ keys }: { keys: Array<[string, string]> }): ReactElement {
  return (
    <dl className="facts">
      {keys.map(([key, what]) => (
        <div key={key}>
          <dt>{what}</dt>
          <dd>
            <kbd>{key}</kbd>
          </dd>
        </div>
      ))}
    </dl>
  );
}
