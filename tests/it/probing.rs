//! What somebody finds out of the schema who isn't told it: a prober that sends near misses of names and reads
//! what the errors say.

use std::collections::BTreeSet;

use orgraph::{
    app,
    graphql::{self, Shown},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Client, Service, code, shipped_company};

const SCHEMA: &str = "{ __schema { types { name fields { name args { name } }
    inputFields { name } enumValues { name } } } }";

async fn service(shown: Shown) -> Service {
    let graphql = graphql::Settings { shown, ..graphql::Settings::default() };
    Service::told(shipped_company(), app::Settings { graphql, ..app::Settings::default() }).await
}

fn silent() -> Shown {
    Shown { introspection: false, suggestions: false, ..Shown::default() }
}

/// All names of the schema but those that every schema has.
async fn names(open: &Service) -> BTreeSet<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                names.extend(object.get("name").and_then(Value::as_str).map(str::to_owned));
                object.values().for_each(|value| collect(value, names));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    collect(&open.client.data(SCHEMA).await, &mut found);
    // Shorter ones are words of every text, and the names of scalars and of the specification tell nothing.
    found.retain(|name| name.len() > 3 && !name.starts_with("__"));
    for known in [
        "Query", "Boolean", "Float", "String", "name", "type", "text", "field", "reason", "value", "query",
        "used", "cursor",
    ] {
        found.remove(known);
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
}

/// Sends queries, and keeps each name that an answer tells and its query didn't.
struct Prober<'a> {
    client: &'a Client,
    names: &'a BTreeSet<String>,
    learnt: BTreeSet<String>,
    sent: usize,
}

impl Prober<'_> {
    async fn send(&mut self, query: &str) {
        let answer = self.client.ask(query).await;
        assert_ne!(code(&answer), "THROTTLED");
        let sent: BTreeSet<_> = words(query).collect();
        let errors = answer["errors"].as_array().cloned().unwrap_or_default();
        for error in &errors {
            let text = error["message"].as_str().unwrap();
            let told = words(text).filter(|word| self.names.contains(*word) && !sent.contains(word));
            self.learnt.extend(told.map(str::to_owned));
        }
        self.sent += 1;
    }

    /// Everything that it knows how to ask, with words that are nearly names.
    async fn probe(&mut self) {
        let near: Vec<String> = self.names.iter().map(|name| near_miss(name)).collect();
        for some in near.chunks(8) {
            let fields = some.join(" ");
            for around in
                ["{ @ }", r#"{ user(id: "1") { @ } }"#, "{ users { nodes { @ } } }", "{ snapshot { @ } }"]
            {
                self.send(&around.replace('@', &fields)).await;
            }
            let arguments: String = some.iter().map(|word| format!("{word}: 1 ")).collect();
            let fragments: String = some.iter().map(|word| format!("... on {word} {{ id }} ")).collect();
            for around in [format!("{{ users({arguments}) {{ totalCount }} }}"), format!("{{ {fragments} }}")]
            {
                self.send(&around).await;
            }
        }
        let values = near.iter().filter(|word| word.starts_with(char::is_uppercase));
        for word in values {
            self.send(&format!("{{ users(orderBy: {{ field: {word} }}) {{ totalCount }} }}")).await;
        }
        for name in self.names.clone() {
            for query in [
                format!("{{ {name} }}"),
                format!("{{ ... on {name} {{ nope }} }}"),
                format!("query($a: {name}) {{ nope(a: $a) }}"),
                format!("{{ users(filter: {{ {name}: {{ nope: 1 }} }}) {{ nope }} }}"),
            ] {
                self.send(&query).await;
            }
        }
        for query in [
            "{ reports { totalCount } }",
            "{ user(id: {}) { id } }",
            "{ user { __typename } }",
            "{ users(first: 1, last: 1) { __typename } }",
            "{ users(after: \"!\") { __typename } }",
            "{ managerChain { __typename } }",
            "{ reports(managerId: \"1\", first: 9999) { __typename } }",
            "{ search(text: \"\") { __typename } }",
            "{ simulateMove(userIds: []) { __typename } }",
            "{ nodes(ids: [\"\"]) { __typename } }",
            "{ _entities(representations: [{}]) { __typename } }",
            "{ _entities(representations: [{ __typename: \"User\" }]) { __typename } }",
            "{ orgStats(groupBy: DEPTH, rootId: \"\") { __typename } }",
            "{ users(first: \"x\") { totalCount } }",
            "{ users(orderBy: 1) { totalCount } }",
            "{ users(orderBy: {}) { totalCount } }",
            "{ users @include(iff: true) { totalCount } }",
            "query($a: Strin) { user(id: $a) { id } }",
            "mutation { nope }",
            "subscription { nope }",
        ] {
            self.send(query).await;
        }
    }
}

/// A word that the name may be suggested for.
fn near_miss(name: &str) -> String {
    let (shorter, _) = name.split_at(name.len() - 1);
    format!("{shorter}q")
}

async fn probed(service: &Service, names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut prober = Prober { client: &service.client, names, learnt: BTreeSet::new(), sent: 0 };
    prober.probe().await;
    assert!(prober.sent > 1_000, "{}", prober.sent);
    prober.learnt
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prober_learns_the_schema_where_it_is_told_and_nothing_where_it_is_not() {
    let open = service(Shown::default()).await;
    let names = names(&open).await;
    assert!(names.len() > 300, "{}", names.len());
    let (open, closed) = (&open, &service(silent()).await);
    let learnt = probed(open, &names).await;
    assert!(learnt.len() > 100, "the prober is none: {learnt:?}");
    for name in ["managerId", "UserConnection", "UserFilter", "orgHealth"] {
        assert!(learnt.contains(name), "{name}");
    }
    assert_eq!(probed(closed, &names).await, BTreeSet::new());
}

/// What an answer says, without what is of this request only.
fn said(mut answer: Value) -> Value {
    for error in answer["errors"].as_array_mut().unwrap() {
        error["extensions"].as_object_mut().unwrap().remove("requestId");
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_does_not_tell_a_name_from_a_word() {
    let open = service(Shown::default()).await;
    let names = names(&open).await;
    let closed = service(silent()).await;
    let nothing = said(closed.client.ask("{ qzx }").await);
    assert_eq!(code(&nothing), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(nothing["errors"][0].get("locations"), None);
    for name in &names {
        for query in [
            format!("{{ {name} qzx }}"),
            format!("{{ {name} {{ qzx }} }}"),
            format!("{{ {name}(qzx: 1) }}"),
            format!("{{ user {{ {name} qzx }} }}"),
            format!("{{ users({name}: 1) {{ qzx }} }}"),
            format!("{{ ... on {name} {{ qzx }} }}"),
            format!("query($a: {name}) {{ qzx(a: $a) }}"),
        ] {
            assert_eq!(said(closed.client.ask(&query).await), nothing, "{query}");
        }
        let query = format!("query($a: {name}) {{ qzx(a: $a) }}");
        let answer = closed.client.ask_with(&query, json!({ "a": { "qzx": 1 } })).await;
        assert_eq!(said(answer), nothing, "{query} with a value");
    }
}

#[tokio::test]
async fn introspection_is_refused_where_it_is_off() {
    let closed = service(Shown { introspection: false, ..Shown::default() }).await;
    for query in [
        "{ __schema { queryType { name } } }",
        r#"{ __type(name: "User") { name } }"#,
        "{ _service { sdl } }",
        "{ ...F } fragment F on Query { a: __schema { types { name } } }",
        "query A { __typename } query B { ... { __schema { types { name } } } }",
        "{ user { nam } }",
    ] {
        let answer = closed.client.ask(query).await;
        assert_eq!((code(&answer), answer.get("data")), ("GRAPHQL_VALIDATION_FAILED", None), "{query}");
        assert!(!answer.to_string().contains("Did you mean"), "suggestions are off too");
    }
    let data = closed.client.data("{ __typename roots(first: 1) { __typename nodes { __typename } } }").await;
    let expected = json!({ "__typename": "Query",
        "roots": { "__typename": "UserConnection", "nodes": [{ "__typename": "User" }] } });
    assert_eq!(data, expected);
    // What a valid query has wrong is still told, but for what the executor says of types.
    let answer =
        closed.client.ask(r#"{ users(filter: { created: { from: "soon" } }) { totalCount } }"#).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    assert_eq!(answer["errors"][0]["message"], "filter: can't be read");
    let answer = closed.client.ask("{ users(first: -1) { totalCount } }").await;
    assert_eq!(answer["errors"][0]["message"], "first: must be from 0 to 1000, not -1");
}

#[tokio::test]
async fn suggestions_and_the_page_are_switched_off_alone() {
    let service = service(Shown { suggestions: false, graphiql: false, ..Shown::default() }).await;
    let answer = service.client.ask("{ snapshot { versio } users @include(iff: true) { totalCount } }").await;
    assert_eq!(answer["errors"][0]["message"], r#"Unknown field "versio" on type "Snapshot"."#);
    assert!(!answer.to_string().contains("Did you mean"), "{answer}");
    assert_eq!(service.client.status("/graphiql").await, 404);
    assert_eq!(service.client.status("/").await, 404);
    let posted = service.client.request(Method::POST, "/graphiql").send().await.unwrap();
    assert_eq!(posted.status(), 404);
    service.client.data("{ __schema { queryType { name } } }").await;
}
