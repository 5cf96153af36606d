import { useEffect, useRef, type ReactElement, type ReactNode } from "react";
import type { GraphiQLPlugin } from "@graphiql/react";

/** The same plugin, in which whatever can be written, chosen or pressed has a name of its own. */
export function named(plugin: GraphiQLPlugin): GraphiQLPlugin {
  const Content = plugin.content;
  return {
    ...plugin,
    content: () => (
      <Names>
        <Content />
      </Names>
    ),
  };
}

/**
 * Gives names to what GraphiQL's plugins leave without, for those who hear the page: an argument's field is called as the
 * argument, and an entry of the history as what it is.
 */
function Names({ children }: { children: ReactNode }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const root = box.current;
    if (!root) return;
    const name = () => nameAll(root);
    const watch = new MutationObserver(name);
    watch.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
    name();
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={box} className="named">
      {children}
    </div>
  );
}

function nameAll(root: HTMLElement): void {
  for (const field of root.querySelectorAll(".graphiql-explorer-root :is(input, select):not([aria-label])")) {
    const argument = field.closest<HTMLElement>("[data-arg-name]")?.dataset["argName"];
    const instead = field.matches("select") ? "Kind of operation" : (field.getAttribute("placeholder") ?? "Value");
    field.setAttribute("aria-label", argument ?? instead);
  }
  // Its text, which its label would replace by what pressing it does.
  for (const entry of root.querySelectorAll(".graphiql-history-item-label[aria-label]")) {
    entry.removeAttribute("aria-label");
  }
}
