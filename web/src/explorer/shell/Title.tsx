import { useEffect, useLayoutEffect, useRef, type ReactElement, type ReactNode } from "react";

// Whether somebody has come to a view whose heading isn't there yet.
let awaited = false;

/** Puts whoever opens another view at its heading, now or as soon as it is there. */
export function arrive(): void {
  const heading = document.querySelector<HTMLElement>("main h1");
  heading?.focus();
  // While a view is fetched that of before is still there, hidden, and takes no focus.
  awaited = heading === null || document.activeElement !== heading;
  if (awaited) document.querySelector("main")?.focus();
}

/** The heading of a view, and the title of the window. One that stands in for another while that loads hands on the focus. */
export function Title({
  name,
  unseen,
  children,
}: {
  name: string;
  unseen?: boolean;
  children?: ReactNode;
}): ReactElement {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    const element = heading.current;
    const elsewhere = ![null, document.body, document.querySelector("main")].includes(
      document.activeElement as HTMLElement,
    );
    if (awaited && !elsewhere) element?.focus();
    awaited = false;
    return () => {
      if (element !== null && document.activeElement === element) awaited = true;
    };
  }, []);
  useEffect(() => {
    document.title = `${name} – orgraph`;
  }, [name]);
  return (
    <h1 ref={heading} tabIndex={-1} className={unseen ? "unseen" : undefined}>
      {children ?? name}
    </h1>
  );
}
