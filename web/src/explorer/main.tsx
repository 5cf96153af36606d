import "./styles/tokens.css";
import "./styles/shell.css";
import "./styles/popover.css";
import "./styles/chart.css";
import "./styles/pages.css";
import "./styles/health.css";
import "./styles/move.css";
import "./styles/forced.css";

import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { answers } from "./service/answers";
import { update } from "./service/live";
import { fetchScript } from "./service/script";
import { App } from "./shell/App";
import { applyTheme } from "./shell/theme";
import { fetchAhead } from "./shell/views";

applyTheme();
const page = document.getElementById("page");
if (page) {
  createRoot(page).render(
    <StrictMode>
      <QueryClientProvider client={answers}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
// Events come after the first picture: what speaks the protocol of the socket needn't be there before.
void fetchScript(() => import("./service/events")).then(
  ({ listen }) => listen(),
  () => update({ connection: "away" }),
);
fetchAhead();
