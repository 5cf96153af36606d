import type { ReactElement } from "react";

const PATHS = {
  moon: "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5Z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM20.5 20.5 16 16",
  next: "M9 5l7 7-7 7",
  back: "M15 5l-7 7 7 7",
  move: "M4 12h13M12 6l6 6-6 6M21 4v16",
  page: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21c1-4 4-6 8-6s7 2 8 6",
  chart: "M9 3h6v5H9zM3 16h6v5H3zM15 16h6v5h-6zM12 8v4M6 16v-4h12v4",
  code: "M8 6l-6 6 6 6M16 6l6 6-6 6",
  warning: "M12 4 2.5 20h19L12 4ZM12 10v4M12 17v.5",
} as const;

/** A small drawing beside a text, or in a control that has a name of its own. */
export function Mark({ of, size = 16 }: { of: keyof typeof PATHS; size?: number }): ReactElement {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[of]} />
    </svg>
  );
}
