// Runs queries, in a binary that was built without the pages of `web/`.
const example = `# Where walks down the company begin, and whose line to the top is broken.
{
  roots {
    nodes { id name title reportCount(transitive: true) }
  }
  orphans(first: 5) {
    totalCount
    edges { reason node { id name title managerId } }
  }
}
`;
const form = document.querySelector("form");
const query = document.getElementById("query");
const answer = document.getElementById("answer");
const key = document.getElementById("key");

async function run() {
  answer.textContent = "…";
  try {
    const headers = { "content-type": "application/json" };
    if (key.value.trim()) headers.authorization = `Bearer ${key.value.trim()}`;
    const body = JSON.stringify({ query: query.value });
    const response = await fetch("/graphql", { method: "POST", headers, body });
    answer.textContent = JSON.stringify(await response.json(), null, 2);
  } catch (error) {
    answer.textContent = `No answer: ${error.message}`;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
form.hidden = false;
// A link may bring a query along, in the part of it that stays in the browser. It isn't run unasked.
const brought = new URLSearchParams(location.hash.slice(1)).get("query");
query.value = brought ?? example;
if (brought === null) run();
