import type { ReactElement } from "react";

import { jumpTo } from "../chart/jump";
import { go } from "../route";
import { arrive } from "../shell/Title";
import { PersonPicker } from "./PersonPicker";

/** The search that jumps to somebody's place in the chart. */
export function Search(): ReactElement {
  return (
    <search>
      <PersonPicker
        id="search"
        label="Find people by name, title, address or id"
        placeholder="Find people"
        shortcut="/"
        onPick={(person) => {
          go({ view: "chart", personId: person.id });
          arrive();
          jumpTo(person.id);
        }}
      />
    </search>
  );
}
