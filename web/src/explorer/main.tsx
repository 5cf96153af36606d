import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { graphql } from "../gql";

export const Freshness = graphql(`
  query Freshness {
    snapshot {
      version
      takenAt
    }
  }
`);

const page = document.getElementById("page");
if (page) {
  createRoot(page).render(
    <StrictMode>
      <main>orgraph</main>
    </StrictMode>,
  );
}
