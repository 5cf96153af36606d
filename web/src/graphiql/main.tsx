import "graphiql/setup-workers/vite";
// GraphiQL's styles one by one: the sheet that has them all brings its letters along, a third of a megabyte of them.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "@graphiql/plugin-explorer/style.css";
import "graphiql/graphiql.css";
import "./style.css";

import { createRoot } from "react-dom/client";

import { Page } from "./Page.tsx";

const page = document.getElementById("page");
if (page) createRoot(page).render(<Page />);
