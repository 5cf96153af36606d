/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

import type { Chapter } from "../src/graphiql/questions.ts";

const SOURCE = fileURLToPath(new URL("../../docs/queries.md", import.meta.url));
const MODULE = "virtual:questions";

/** Gives the pages the questions of `docs/queries.md` as a module, so that they are those that the tests hold to. */
export function questions(): Plugin {
  return {
    name: "questions",
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    async load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      this.addWatchFile(SOURCE);
      return `export default ${JSON.stringify(chapters(await readFile(SOURCE, "utf8")))}`;
    },
  };
}

/** A question in bold, what is said of it, and its query; the answer that follows is passed over. */
const QUESTION = /^\*\*([^*]+)\*\*([^]*?)\n```graphql\n([^]*?)```/gm;

/** The questions of a text in Markdown, by its headings of the second order. */
export function chapters(text: string): Chapter[] {
  const parts = text.split(/^## /m).slice(1);
  const found = parts.map((part) => ({
    title: part.slice(0, part.indexOf("\n")).trim(),
    questions: [...part.matchAll(QUESTION)].map(([, asked = "", said = "", query = ""]) => ({
      text: plain(asked),
      query: `${remark(`${plain(asked)} ${plain(said)}`)}\n${named(query, plain(asked))}`,
    })),
  }));
  return found.filter(({ questions }) => questions.length > 0);
}

/** Markdown's text alone, on one line. */
function plain(markdown: string) {
  return markdown
    .replace(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replace(/[`*]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/** A remark in GraphQL, in lines that are read without scrolling. */
function remark(text: string) {
  const lines = text.match(/.{1,70}(?:\s|$)/g) ?? [text];
  return lines.map((line) => `# ${line.trim()}`).join("\n");
}

/** A query with a name, made of the first words of its question: it is what the tab is called. */
function named(query: string, question: string) {
  const words = question.match(/[\p{L}\d]+/gu) ?? [];
  const name = words.slice(0, 5).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return query.replace(/^\{/, `query ${name.join("").replace(/[^A-Za-z0-9]|^\d+/g, "")} {`);
}
