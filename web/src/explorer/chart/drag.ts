import type { DragEvent } from "react";

import { go } from "../route";

// What is dragged can't be read from the event before it is dropped; there is one pointer, so one person.
let dragged: string | undefined;

/** What a card needs so that its person, and everybody below, can be dragged. */
export function draggable(personId: string) {
  return {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      dragged = personId;
      event.dataTransfer.effectAllowed = "link";
      event.dataTransfer.setData("text/plain", personId);
    },
    onDragEnd: () => {
      dragged = undefined;
    },
  };
}

/**
 * What a place needs so that somebody can be dropped there to be under this manager, or with null under nobody. A drop
 * opens what would become of it; nothing is moved.
 */
export function droppable(managerId: string | null) {
  const takes = () => dragged !== undefined && dragged !== managerId;
  return {
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (!takes()) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "link";
      event.currentTarget.dataset["over"] = "";
    },
    onDragLeave: (event: DragEvent<HTMLElement>) => {
      delete event.currentTarget.dataset["over"];
    },
    onDrop: (event: DragEvent<HTMLElement>) => {
      delete event.currentTarget.dataset["over"];
      if (!takes() || dragged === undefined) return;
      event.preventDefault();
      go({ view: "move", personId: dragged, managerId });
      dragged = undefined;
    },
  };
}
