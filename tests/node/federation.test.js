// orgraph as a subgraph beside two others, composed and queried through Apollo's composition and gateway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { above, below, byAddress, byId, nameOf } from "./company.js";
import { startGateway } from "./gateway.js";
import { startOrgraph } from "./process.js";
import { dealsOf, meetingsOf, serve } from "./subgraphs.js";

const [cto, engineer, product] = ["p2", "p100", "p135"].map((name) => byAddress(`${name}@example.org`)[0]);
const DEALS = [
  { id: "1", name: "Acme", ownerId: engineer.id },
  { id: "2", name: "Globex", ownerId: product.id },
  { id: "3", name: "Initech", ownerId: engineer.id },
  { id: "4", name: "Hooli", ownerId: "404" },
  { id: "5", name: "Umbrella", ownerId: null },
];
const MEETINGS = [
  { id: "1", subject: "Planning", host: cto.emailAddress },
  { id: "2", subject: "Review", host: product.emailAddress },
  { id: "3", subject: "Retrospective", host: cto.emailAddress },
];
/** Two people of the shipped company have it. */
const SHARED = "p3@example.org";

let running = [];
let gateway;

async function start(meetings) {
  const started = await Promise.all([serve(dealsOf(DEALS)), serve(meetingsOf(meetings))]);
  running.push(...started);
  const [{ url }] = running;
  return startGateway([{ name: "orgraph", url }, ...started]);
}

before(async () => {
  running.push(await startOrgraph());
  gateway = await start(MEETINGS);
});

after(async () => {
  await gateway?.stop();
  await Promise.all(running.map((server) => server.stop()));
});

/** To whom requests went, and with how many representations. */
const hops = (sent) => sent.map(({ to, representations }) => [to, representations?.length ?? 0]);

test("the supergraph has the fields of all", () => {
  const fields = Object.keys(gateway.schema.getType("User").getFields());
  for (const field of ["deals", "meetings", "managerChain", "reports"]) assert.ok(fields.includes(field), field);
});

test("from another subgraph's ids to people, in one request", async () => {
  const { data, errors, sent } = await gateway.ask("{ deals { name owner { id name title manager { name } } } }");
  assert.equal(errors, undefined);
  const expected = DEALS.map(({ name, ownerId }) => {
    const owner = byId(ownerId);
    if (!owner) return { name, owner: ownerId && { id: ownerId, name: null, title: null, manager: null } };
    const manager = { name: nameOf(byId(owner.managerId)) };
    return { name, owner: { id: owner.id, name: nameOf(owner), title: owner.title, manager } };
  });
  assert.deepEqual(data.deals, expected);
  const owned = DEALS.filter(({ ownerId }) => ownerId).length;
  assert.deepEqual(hops(sent), [["deals", 0], ["orgraph", owned]]);
});

test("from another subgraph's addresses to people, in one request", async () => {
  const query = "{ meetings { subject host { id name everybody: reportCount(transitive: true) } } }";
  const { data, errors, sent } = await gateway.ask(query);
  assert.equal(errors, undefined);
  const expected = MEETINGS.map(({ subject, host }) => {
    const [person] = byAddress(host);
    return { subject, host: { id: person.id, name: nameOf(person), everybody: below(person).length } };
  });
  assert.deepEqual(data.meetings, expected);
  assert.deepEqual(hops(sent), [["meetings", 0], ["orgraph", MEETINGS.length]]);
});

test("from people to what other subgraphs know of them, in one request", async () => {
  const { data, errors, sent } = await gateway.ask(
    `{ user(id: "${engineer.id}") { deals { name } managerChain { nodes { name meetings { subject } } } } }`,
  );
  assert.equal(errors, undefined);
  const line = above(engineer);
  assert.ok(line.length > 1);
  const subjects = (person) => MEETINGS.filter(({ host }) => host === person.emailAddress);
  assert.deepEqual(data.user, {
    deals: DEALS.filter(({ ownerId }) => ownerId === engineer.id).map(({ name }) => ({ name })),
    managerChain: {
      nodes: line.map((person) => ({
        name: nameOf(person),
        meetings: subjects(person).map(({ subject }) => ({ subject })),
      })),
    },
  });
  const [[first], ...others] = hops(sent);
  assert.equal(first, "orgraph");
  assert.deepEqual(others.sort(), [["deals", 1], ["meetings", line.length]]);
});

test("from one subgraph through the tree to another", async () => {
  const { data, errors, sent } = await gateway.ask(
    "{ deals { owner { manager { emailAddress meetings { subject host { title } } } } } }",
  );
  assert.equal(errors, undefined);
  const expected = DEALS.map(({ ownerId }) => {
    const owner = byId(ownerId);
    if (!owner) return { owner: ownerId && { manager: null } };
    const { emailAddress } = byId(owner.managerId);
    const meetings = MEETINGS.filter(({ host }) => host === emailAddress);
    const told = ({ subject, host }) => ({ subject, host: { title: byAddress(host)[0].title } });
    return { owner: { manager: { emailAddress, meetings: meetings.map(told) } } };
  });
  assert.deepEqual(data.deals, expected);
  assert.ok(expected.some(({ owner }) => owner?.manager?.meetings.length));
  assert.deepEqual(sent.map(({ to }) => to), ["deals", "orgraph", "meetings", "orgraph"]);
});

test("an address of two people is an error of its own entry", async () => {
  assert.equal(byAddress(SHARED).length, 2);
  const other = await start([{ id: "9", subject: "Whose?", host: SHARED }, ...MEETINGS]);
  try {
    const { data, errors } = await other.ask("{ meetings { subject host { name } } }");
    assert.deepEqual(
      data.meetings.map(({ host }) => host.name),
      [null, ...MEETINGS.map(({ host }) => nameOf(byAddress(host)[0]))],
    );
    assert.deepEqual(errors.map(({ extensions }) => extensions.code), ["AMBIGUOUS_EMAIL"]);
  } finally {
    await other.stop();
  }
});
