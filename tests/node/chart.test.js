// Charts of a service that runs at ORGRAPH_URL, through d3's own stratify: it takes each as it is.
import assert from "node:assert/strict";
import { test } from "node:test";

import { stratify } from "d3-hierarchy";

const FIELDS = "id parentId depth siblingIndex childCount hiddenChildCount truncatedAt";
const ARGUMENTS = [
  "",
  "(maxDepth: 1)",
  "(maxDepth: 2, maxNodes: 10000)",
  "(maxNodes: 1)",
  "(maxNodes: 7)",
  "(filter: { active: false })",
  "(filter: { kind: [PERSON, AVATAR], titleContains: \"e\" })",
  "(filter: { nameContains: \"nobody has this name\" })",
];

async function ask(query) {
  const response = await fetch(process.env.ORGRAPH_URL, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined);
  return data;
}

async function draw(args) {
  const { orgChart } = await ask(`{ orgChart${args} { totalCount truncated nodes { ${FIELDS} } } }`);
  const root = stratify()(orgChart.nodes);
  assert.equal(root.descendants().length, orgChart.nodes.length, args);
  for (const node of root) {
    const { data, children = [] } = node;
    assert.equal(node.depth, data.depth, args);
    assert.equal(children.length, data.childCount - data.hiddenChildCount, args);
    assert.deepEqual(children.map((child) => child.data.siblingIndex), children.map((_, at) => at), args);
    assert.equal(data.truncatedAt === null, data.hiddenChildCount === 0, args);
  }
  assert.equal(orgChart.truncated, orgChart.nodes.length < orgChart.totalCount, args);
}

test("the company is a tree to d3, whole and in part", async () => {
  for (const args of ARGUMENTS) await draw(args);
});

test("whoever stands at the top, it is a tree", async () => {
  const { users } = await ask("{ users(first: 1000) { nodes { id } } }");
  assert.ok(users.nodes.length > 0);
  for (const { id } of users.nodes) await draw(`(rootId: "${id}")`);
});
