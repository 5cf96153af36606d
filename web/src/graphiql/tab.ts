import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useCallback } from "react";

import type { Operation } from "./link.ts";

/** Opens an operation as a tab of its own, beside those that are there. */
export function useOpenTab(): (operation: Operation) => void {
  const { addTab } = useGraphiQLActions();
  const queries = useGraphiQL((state) => state.queryEditor);
  const variables = useGraphiQL((state) => state.variableEditor);
  return useCallback(
    (operation) => {
      addTab();
      variables?.setValue(operation.variables ?? "");
      queries?.setValue(operation.query);
      queries?.focus();
    },
    [addTab, queries, variables],
  );
}
