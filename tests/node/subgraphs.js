// Two small subgraphs that refer to orgraph's people: deals by id, meetings by e-mail address.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

import { buildSubgraphSchema } from "@apollo/subgraph";
import { graphql, parse } from "graphql";

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])';

/** `deals`: who owns what, by the ids of users. */
export function dealsOf(deals) {
  const typeDefs = `
    ${LINK}
    type Query { deals: [Deal!]! }
    type Deal @key(fields: "id") { id: ID! name: String! owner: User }
    type User @key(fields: "id") { id: ID! deals: [Deal!]! }
  `;
  const resolvers = {
    Query: { deals: () => deals },
    Deal: { owner: (deal) => deal.ownerId && { id: deal.ownerId } },
    User: { deals: (user) => deals.filter((deal) => deal.ownerId === user.id) },
  };
  return { name: "deals", typeDefs, resolvers };
}

/** `meetings`: who invited, by the address that a calendar knows. */
export function meetingsOf(meetings) {
  const typeDefs = `
    ${LINK}
    scalar EmailAddress
    type Query { meetings: [Meeting!]! }
    type Meeting @key(fields: "id") { id: ID! subject: String! host: User }
    type User @key(fields: "emailAddress") { emailAddress: EmailAddress meetings: [Meeting!]! }
  `;
  const resolvers = {
    Query: { meetings: () => meetings },
    Meeting: { host: (meeting) => meeting.host && { emailAddress: meeting.host } },
    User: { meetings: (user) => meetings.filter((meeting) => meeting.host === user.emailAddress) },
  };
  return { name: "meetings", typeDefs, resolvers };
}

/** Serves a subgraph over HTTP on a port of its own. */
export async function serve({ name, typeDefs, resolvers }) {
  const schema = buildSubgraphSchema({ typeDefs: parse(typeDefs), resolvers });
  const server = createServer(async (request, response) => {
    const { query, variables } = await json(request);
    const answer = await graphql({ schema, source: query, variableValues: variables });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/graphql`;
  return {
    name,
    url,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
