import type { ReactElement } from "react";

import { balanced } from "../bidi";
import { nameOf } from "../words";

/** Somebody's name within a text, which it can't turn round, in whichever direction it is written. */
export function Name({ of: person }: { of: { id: string; name?: string | null } }): ReactElement {
  return <bdi>{balanced(nameOf(person))}</bdi>;
}
