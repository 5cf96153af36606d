import { useGraphiQL } from "@graphiql/react";
import { useLayoutEffect, useRef } from "react";

/**
 * Makes GraphiQL's tabs those of WAI-ARIA's pattern. GraphiQL gives the role `tab` to what holds two buttons, one that opens
 * and one that closes, and a tab may hold none. Here the button that opens is the tab, and the buttons that close stand
 * beside the tabs: a list in front of them owns the tabs and nothing else.
 *
 * React writes an attribute only when its value changes, and all that GraphiQL writes here follows from the tabs and from
 * which one is open, so that it is put right in the same commit.
 */
export function TabRoles(): null {
  const tabs = useGraphiQL((state) => state.tabs);
  const open = useGraphiQL((state) => state.activeTabIndex);
  const list = useRef<HTMLElement>(undefined);
  const count = useRef(0);

  useLayoutEffect(() => {
    const strip = document.querySelector<HTMLElement>(".graphiql-tabs");
    if (!strip) return;
    const owner = document.createElement("div");
    owner.className = "tablist";
    owner.setAttribute("role", "tablist");
    owner.setAttribute("aria-label", "Operations");
    strip.before(owner);
    strip.setAttribute("role", "group");
    strip.removeAttribute("aria-label");
    strip.addEventListener("keydown", onKeyDown);
    list.current = owner;
    return () => {
      owner.remove();
      strip.removeEventListener("keydown", onKeyDown);
    };
  }, []);

  useLayoutEffect(() => {
    const buttons = tabButtons();
    for (const [place, button] of buttons.entries()) {
      button.parentElement?.setAttribute("role", "none");
      button.parentElement?.removeAttribute("aria-selected");
      button.setAttribute("role", "tab");
      button.setAttribute("aria-selected", String(place === open));
      button.tabIndex = place === open ? 0 : -1;
      closeButton(button)?.setAttribute("aria-label", `Close ${button.textContent}`);
    }
    list.current?.setAttribute("aria-owns", buttons.map(({ id }) => id).join(" "));
    // What has been closed took the focus along.
    if (tabs.length < count.current && document.activeElement === document.body) buttons[open]?.focus();
    count.current = tabs.length;
  }, [tabs, open]);

  return null;
}

/** Arrows, Home and End move among the tabs; opening one stops what runs in another, and so is left to Enter. */
function onKeyDown(event: KeyboardEvent): void {
  const buttons = tabButtons();
  const button = event.target as HTMLElement;
  const place = buttons.indexOf(button);
  if (place < 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "Delete") {
    closeButton(button)?.click();
    return;
  }
  const places: Record<string, number> = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: -1 };
  const next = places[event.key];
  if (next === undefined) return;
  event.preventDefault();
  buttons.at(next % buttons.length)?.focus();
}

const tabButtons = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(".graphiql-tab-button")];

/** The one beside it; the only tab has none. */
const closeButton = (tab: HTMLElement): HTMLElement | null =>
  tab.parentElement?.querySelector(".graphiql-tab-close") ?? null;
