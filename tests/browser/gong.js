// As much of Gong as a scan needs, with long pages: 100,000 people at Gong's own pace would take six minutes.
import { createServer } from "node:http";

const PAGE = 5_000;

/**
 * Serves these people (`Map` of users by their ids, which a test may change between scans) as Gong would: `{ url, hold(),
 * refuse(), stop() }`. After `hold()` no page is answered, and after `refuse()` no key is good, until what it returned is
 * called.
 */
export async function startGong(people) {
  let free = Promise.resolve();
  let refuses = false;
  const server = createServer(async (request, response) => {
    const body = await read(request);
    await free;
    if (refuses) {
      response.writeHead(401, { "content-type": "application/json" });
      response.end(JSON.stringify({ requestId: "1", errors: ["The key isn't good"] }));
      return;
    }
    const answer = answerTo(new URL(request.url, "http://gong"), body, people);
    response.writeHead(answer ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { requestId: "1", errors: ["No users found"] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    hold() {
      let release;
      free = new Promise((resolve) => (release = resolve));
      return release;
    },
    refuse() {
      refuses = true;
      return () => (refuses = false);
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

/** A page of whoever is asked for; nothing where that is nobody, as Gong has it. */
function answerTo({ pathname, searchParams }, { cursor, filter = {} }, people) {
  if (!["/v2/users", "/v2/users/extensive"].includes(pathname)) return undefined;
  const { userIds, createdFromDateTime: from, createdToDateTime: to } = filter;
  const asked = userIds ? userIds.map((id) => people.get(id)).filter(Boolean) : [...people.values()];
  const found = asked.filter(({ created }) => (!from || created >= from) && (!to || created < to));
  if (found.length === 0) return undefined;
  const start = Number(searchParams.get("cursor") ?? cursor ?? 0);
  const users = found.slice(start, start + PAGE);
  const next = start + PAGE < found.length ? { cursor: String(start + PAGE) } : {};
  return {
    requestId: "1",
    records: { totalRecords: found.length, currentPageSize: users.length, currentPageNumber: start / PAGE, ...next },
    users,
  };
}
