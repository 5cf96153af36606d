import { readFileSync } from "node:fs";

import { buildSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";

import { chapters } from "../../build/questions.ts";
import { matching } from "./questions.ts";

const text = readFileSync(new URL("../../../docs/queries.md", import.meta.url), "utf8");
const schema = buildSchema(readFileSync(new URL("../../../schema.graphql", import.meta.url), "utf8"));
const all = chapters(text);
const questions = all.flatMap((chapter) => chapter.questions);

test("each query of the page is a question, and fits the schema", () => {
  expect(questions.length).toBe(text.match(/^```graphql$/gm)?.length);
  expect(all.map(({ title }) => title)).toEqual([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title));
  const names = new Set<string>();
  for (const { text: asked, query } of questions) {
    const document = parse(query);
    expect(validate(schema, document), asked).toEqual([]);
    expect(query.startsWith(`# ${asked.slice(0, 20)}`), query).toBe(true);
    const [operation] = document.definitions;
    if (operation?.kind === "OperationDefinition") names.add(operation.name?.value ?? "");
  }
  // Each has a tab of its own name.
  expect(names.size).toBe(questions.length);
});

test("a question is found by its words, in whichever order, and by those of its query", () => {
  const found = (words: string) => matching(all, words).flatMap((chapter) => chapter.questions);
  expect(found("").length).toBe(questions.length);
  expect(found("emea SALES").some(({ text }) => text.includes("EMEA or sales"))).toBe(true);
  expect(found("commonManager").length).toBeGreaterThan(0);
  expect(matching(all, "nosuchword")).toEqual([]);
});
