import { expect, test } from "vitest";

import { linkTo, operationIn } from "./link.ts";

test("a link brings back the operation that it was made of, and keeps it from the server", () => {
  const operations = [
    { query: "{ snapshot { version } }" },
    { query: 'query A($id: ID!) {\n  user(id: $id) { name } # a+b & "c" %20 ü 🙂\n}', variables: '{ "id": "1=2&3" }' },
  ];
  for (const operation of operations) {
    const link = new URL(linkTo(operation), "http://127.0.0.1:8080");
    expect(link.pathname + link.search).toBe("/graphiql");
    expect(operationIn(link.hash)).toEqual(operation);
  }
});

test("variables that aren't there are not in the link", () => {
  expect(linkTo({ query: "{ a }", variables: "  " })).toBe("/graphiql#query=%7B%20a%20%7D");
});

test("whatever else stands behind the # is no operation", () => {
  for (const hash of ["", "#", "#query=", "#query=%20", "#top", "#variables=%7B%7D", "#%zz"]) {
    expect(operationIn(hash), hash).toBeUndefined();
  }
});
