import { useRef, type KeyboardEvent, type ReactElement, type ReactNode } from "react";

/** More of something behind a click; gone again with Escape, or when one goes on elsewhere. */
export function Popover({
  className,
  summary,
  children,
}: {
  className: string;
  summary: ReactNode;
  children: ReactNode;
}): ReactElement {
  const details = useRef<HTMLDetailsElement>(null);
  const close = () => details.current?.removeAttribute("open");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !details.current?.open) return;
    close();
    details.current.querySelector("summary")?.focus();
  };
  return (
    <details
      ref={details}
      className={`popover ${className}`}
      onKeyDown={onKeyDown}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}
    >
      <summary>{summary}</summary>
      <div className="panel" tabIndex={-1}>
        {children}
      </div>
    </details>
  );
}
