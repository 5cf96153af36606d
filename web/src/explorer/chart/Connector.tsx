import { useLayoutEffect, useState, type ReactElement, type RefObject } from "react";

/** The space between two columns, and how far down the head of the next one is; chart.css has both. */
const GAP = 36;
const HEAD = 44;

/**
 * The line from an open card to the column of its reports. A card that is scrolled out of sight holds it by the edge
 * behind which it is.
 */
export function Connector({
  scroller,
  card,
}: {
  scroller: RefObject<HTMLDivElement | null>;
  /** How far the middle of the card is below the upper edge of the list; undefined for a card that is held above. */
  card: number | undefined;
}): ReactElement {
  const [box, setBox] = useState({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const list = scroller.current;
    if (!list) return;
    const measure = () => {
      const next = { top: list.offsetTop, height: list.clientHeight };
      setBox((last) => (last.top === next.top && last.height === next.height ? last : next));
    };
    const watch = new ResizeObserver(measure);
    watch.observe(list);
    measure();
    return () => watch.disconnect();
  }, [scroller]);
  const y = box.top + (card === undefined ? -38 : Math.max(4, Math.min(box.height - 4, card)));
  return (
    <svg className="connector" width={GAP} height={box.top + box.height} aria-hidden="true">
      <path d={`M0 ${y}C${GAP / 2} ${y} ${GAP / 2} ${HEAD} ${GAP} ${HEAD}`} />
      <circle cx="2" cy={y} r="2.5" />
    </svg>
  );
}
