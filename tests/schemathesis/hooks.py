"""What schemathesis can't know of orgraph's schema: values of its scalars, and what a refusal has to be."""

import json
from pathlib import Path

import graphql
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

PEOPLE = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data/sourcegraph_2022.ndjson").read_text().splitlines()
]
ADDRESSES = [person["emailAddress"] for person in PEOPLE if person.get("emailAddress")]
IDS = [person["id"] for person in PEOPLE]

# Somebody as often as nobody: what is found is walked through, what isn't is looked up.
ids = st.sampled_from(IDS) | st.text(max_size=30)
schemathesis.graphql.scalar("ID", ids.map(nodes.String) | st.integers(-(2**63), 2**63 - 1).map(nodes.Int))
schemathesis.graphql.scalar("EmailAddress", (st.sampled_from(ADDRESSES) | st.emails()).map(nodes.String))
schemathesis.graphql.scalar("Date", st.dates().map(str).map(nodes.String))
schemathesis.graphql.scalar("DateTime", st.datetimes().map(lambda at: at.isoformat() + "Z").map(nodes.String))


def reference(key):
    """What a gateway sends for a person whom it knows by this key."""
    name, value = key
    fields = {"__typename": nodes.String("User"), name: nodes.String(value)}
    return nodes.Object([graphql.ObjectFieldNode(name=graphql.NameNode(value=name), value=value) for name, value in fields.items()])


keys = st.tuples(st.just("id"), ids) | st.tuples(st.just("emailAddress"), st.sampled_from(ADDRESSES) | st.text())
schemathesis.graphql.scalar("_Any", keys.map(reference))

# What a service that is well, has everybody read and doesn't count what one client asks for may answer.
CODES = {
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_COMPLEX",
    "AMBIGUOUS_EMAIL",
}
# Of these, what no document that fits the schema can bring about.
NEVER = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"}


# Only Gong can tell of a workspace that isn't there; and it can't be asked for an address, however fresh it is wanted.
UPSTREAM = ("no workspace has this", "Gong can't be asked for an e-mail address")


def is_gongs_word(error):
    return error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE" and any(word in error["message"] for word in UPSTREAM)


@schemathesis.check
def refusals_are_of_the_closed_list(ctx, response, case):
    """Every error has a code and the request's id; what fits the schema is never called unfit.

    In place of `positive_data_acceptance`, to which a page of -1 users is good data, and `not_a_server_error`, which
    takes every error with a path for the server's.
    """
    assert response.status_code in (200, 400), f"status {response.status_code}"
    answer = response.json()
    fits = case.meta is None or case.meta.generation.mode.is_positive
    for error in answer.get("errors", []):
        code = error["extensions"]["code"]
        assert code in CODES or is_gongs_word(error), f"the code {code}: {error['message']}"
        assert error["extensions"]["requestId"], "no requestId"
        assert not (fits and code in NEVER), f"what fits the schema is refused: {error['message']}"
