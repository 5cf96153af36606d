//! orgraph as a subgraph of Apollo Federation 2: what a gateway asks of it.

use std::collections::BTreeSet;

use orgraph::{
    app,
    graphql::{self, Caps},
    simulator::{SimUser, Workspace},
};
use serde_json::{Value, json};

use crate::support::{Service, code, orgraph, simulate, text};

const ENTITIES: &str = "query($of: [_Any!]!) { _entities(representations: $of) {
    __typename ... on User { id emailAddress manager { id } } } }";

fn person(id: &str, manager: Option<&str>) -> SimUser {
    SimUser {
        email_address: Some(format!("P{id}@example.org")),
        manager_id: manager.map(str::to_owned),
        ..SimUser::new(id)
    }
}

/// 2 and 3 share an address.
fn company() -> Vec<SimUser> {
    let shared = || vec!["both@example.org".to_owned()];
    vec![
        person("1", None),
        SimUser { email_aliases: shared(), ..person("2", Some("1")) },
        SimUser {
            email_aliases: shared(),
            trusted_email_address: Some("three@trusted.example".to_owned()),
            ..person("3", Some("1"))
        },
    ]
}

fn by_id(id: &str) -> Value {
    json!({ "__typename": "User", "id": id })
}

fn by_address(address: &str) -> Value {
    json!({ "__typename": "User", "emailAddress": address })
}

/// The ids of the entities, null where one is null.
fn ids(answer: &Value) -> Vec<Option<&str>> {
    answer["data"]["_entities"].as_array().unwrap().iter().map(|entity| entity["id"].as_str()).collect()
}

#[tokio::test]
async fn a_user_is_found_by_either_key() {
    let service = Service::over(Workspace::new(company())).await;
    let of = json!([
        by_address("p3@EXAMPLE.org"),
        by_id("2"),
        by_address("nobody@example.org"),
        by_address(" three@trusted.example"),
        by_id("2"),
        by_id("404"),
        { "__typename": "User", "id": 1, "emailAddress": "p2@example.org", "title": "of another's" },
        { "__typename": "User", "id": null, "emailAddress": "p1@example.org" },
    ]);
    let answer = service.client.ask_with(ENTITIES, json!({ "of": of })).await;
    assert_eq!(answer.get("errors"), None);
    let (one, two, three) = (Some("1"), Some("2"), Some("3"));
    assert_eq!(ids(&answer), [three, two, None, three, two, None, one, one]);
    assert_eq!(
        answer["data"]["_entities"][0],
        json!({ "__typename": "User", "id": "3", "emailAddress": "P3@example.org", "manager": { "id": "1" } })
    );
    assert_eq!(answer["data"]["_entities"][2], Value::Null);
}

#[tokio::test]
async fn whom_the_snapshot_does_not_know_gong_is_asked_for_in_one_call() {
    let simulator = simulate(Workspace::new(company()));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| users.extend((10..50).map(|id| person(&id.to_string(), Some("1")))));
    let of: Vec<_> = (1..60).map(|id| by_id(&id.to_string())).collect();
    let answer = service.client.ask_with(ENTITIES, json!({ "of": of })).await;
    assert_eq!(answer.get("errors"), None);
    let expected: Vec<_> =
        (1..60).map(|id| (id < 4 || (10..50).contains(&id)).then(|| id.to_string())).collect();
    assert_eq!(ids(&answer), expected.iter().map(Option::as_deref).collect::<Vec<_>>());
    // Once more without avatars, which tells who of those who were found is a person.
    assert_eq!(simulator.stats().lookup_batches, [56, 40]);
}

#[tokio::test]
async fn what_is_wrong_with_one_leaves_the_others() {
    let service = Service::over(Workspace::new(company())).await;
    let wrong = [
        json!("User"),
        json!([]),
        json!({ "id": "1" }),
        json!({ "__typename": "Deal", "id": "1" }),
        json!({ "__typename": null, "id": "1" }),
        json!({ "__typename": "User" }),
        json!({ "__typename": "User", "id": null }),
        json!({ "__typename": "User", "id": ["1"], "emailAddress": "p1@example.org" }),
        json!({ "__typename": "User", "id": 1.5 }),
        json!({ "__typename": "User", "emailAddress": "no address" }),
        json!({ "__typename": "User", "emailAddress": 1 }),
    ];
    let mut of = vec![by_id("1"), by_address("BOTH@example.org")];
    of.extend(wrong.iter().cloned());
    of.push(by_id("2"));
    let answer = service.client.ask_with(ENTITIES, json!({ "of": of })).await;
    let mut expected = vec![Some("1")];
    expected.resize(of.len() - 1, None);
    expected.push(Some("2"));
    assert_eq!(ids(&answer), expected);

    let mut errors = answer["errors"].as_array().unwrap().clone();
    errors.sort_by_key(|error| error["path"][1].as_u64());
    assert_eq!(errors.len(), 1 + wrong.len());
    for (error, place) in errors.iter().zip(1..) {
        assert_eq!(error["path"], json!(["_entities", place]));
        assert!(error["extensions"]["requestId"].is_string());
    }
    assert_eq!(errors[0]["extensions"]["code"], "AMBIGUOUS_EMAIL");
    for error in &errors[1..] {
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{error}");
        assert_eq!(error["extensions"]["argument"], "representations", "{error}");
    }

    for (of, expected) in [(Value::Null, "BAD_USER_INPUT"), (json!([null]), "BAD_USER_INPUT")] {
        let answer = service.client.ask_with(ENTITIES, json!({ "of": of })).await;
        assert_eq!((code(&answer), answer.get("data")), (expected, None), "{of}");
    }
}

#[tokio::test]
async fn entities_are_bounded_and_cost_what_they_hold() {
    let caps = Caps { aliases: 1_000, ..Caps::default() };
    let graphql = graphql::Settings { caps, ..graphql::Settings::default() };
    let settings = app::Settings { graphql, ..app::Settings::default() };
    let service = Service::told(Workspace::new(company()), settings).await;
    let ask = async |n: usize, selection: &str| {
        let query = format!(
            "query($of: [_Any!]!) {{ _entities(representations: $of) {{ ... on User {{ {selection} }} }} }}"
        );
        service.client.ask_with(&query, json!({ "of": vec![by_id("1"); n] })).await
    };
    assert_eq!(ids(&ask(1_000, "id").await), [Some("1"); 1_000]);
    let answer = ask(1_001, "id").await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    assert_eq!(
        answer["errors"][0]["message"], "representations: must be at most 1000, not 1001",
        "the argument is named"
    );
    let many: String = (0..250).map(|n| format!("a{n}: id ")).collect();
    assert_eq!(code(&ask(1_000, &many).await), "QUERY_TOO_COMPLEX");
    assert_eq!(ask(10, &many).await.get("errors"), None);

    let texts = |n: usize| {
        format!("{{ {} }}", (0..n).map(|n| format!("a{n}: _service {{ sdl }} ")).collect::<String>())
    };
    assert_eq!(service.client.ask(&texts(10)).await.get("errors"), None);
    assert_eq!(code(&service.client.ask(&texts(50)).await), "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn conditions_and_failures_below_an_entity_are_as_anywhere() {
    let service = Service::over(Workspace::new(company())).await;
    let query = "query($of: [_Any!]!) { _entities(representations: $of) {
        ... on User { id @skip(if: true) ...F } } }
        fragment F on User { manager { id @include(if: false) reports(first: -1) { totalCount } } }";
    let answer =
        service.client.ask_with(query, json!({ "of": [by_id("2"), by_id("1"), by_id("404")] })).await;
    // `reports` can't be null, its manager can.
    assert_eq!(answer["data"], json!({ "_entities": [{ "manager": null }, { "manager": null }, null] }));
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    assert_eq!(answer["errors"][0]["path"], json!(["_entities", 0, "manager", "reports"]));
    let query =
        "query($of: [_Any!]!) { _entities(representations: $of) { ... on User { id @skip(if: true) } } }";
    let answer = service.client.ask_with(query, json!({ "of": [by_id("2")] })).await;
    assert_eq!(answer["data"], json!({ "_entities": [{}] }));
}

#[tokio::test]
async fn the_subgraph_is_the_schema_with_keys() {
    let printed = orgraph().args(["schema", "--federation"]).output().unwrap();
    assert!(printed.status.success());
    let printed = String::from_utf8(printed.stdout).unwrap();
    let service = Service::over(Workspace::new(company())).await;
    let data = service.client.data("{ _service { sdl } }").await;
    assert_eq!(data["_service"]["sdl"], printed.as_str());

    let entity = r#"type User implements Node @key(fields: "id") @key(fields: "emailAddress") {"#;
    assert_eq!(printed.matches(" @key(").count(), 2);
    assert!(printed.lines().any(|line| line == entity));
    let (types, link) = printed.split_once("extend schema @link(").unwrap();
    assert!(link.contains("https://specs.apollo.dev/federation/v2"), "{link}");
    // Every other line is the schema's, and none of the schema's is missing but what every subgraph has.
    let plain =
        types.replace(r#" @key(fields: "id") @key(fields: "emailAddress")"#, "").replace(" @shareable", "");
    let schema = text("schema.graphql");
    let declarations = |text: &str| -> BTreeSet<String> {
        let is_one = |line: &&str| {
            ["type ", "enum ", "input ", "interface ", "union ", "scalar "]
                .iter()
                .any(|start| line.starts_with(start))
        };
        let name = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
        text.lines().filter(is_one).map(name).collect()
    };
    let (ours, theirs) = (declarations(&schema), declarations(&plain));
    let left_out: Vec<_> = ours.difference(&theirs).collect();
    // async-graphql leaves the root of subscriptions out of a subgraph: a gateway asks for people.
    assert_eq!(
        left_out,
        [
            "enum UserChangeKind",
            "enum UserField",
            "scalar _Any",
            "type Limits",
            "type RateLimit",
            "type Subscription",
            "type UserChange",
            "type Viewer",
            "type _Service",
            "union _Entity"
        ]
    );
    assert_eq!(theirs.difference(&ours).count(), 0);
    let user =
        |text: &str| text.split("\ntype User ").nth(1).unwrap().split("\n}\n").next().unwrap().to_owned();
    assert_eq!(user(&plain), user(&schema));
}

#[tokio::test]
async fn introspection_tells_of_it() {
    let service = Service::over(Workspace::new(company())).await;
    let data = service
        .client
        .data(
            r#"{ entity: __type(name: "_Entity") { kind possibleTypes { name } }
                any: __type(name: "_Any") { kind }
                service: __type(name: "_Service") { fields { name type { kind ofType { name } } } }
                query: __type(name: "Query") { fields { name args { name } } } }"#,
        )
        .await;
    assert_eq!(data["entity"], json!({ "kind": "UNION", "possibleTypes": [{ "name": "User" }] }));
    assert_eq!(data["any"], json!({ "kind": "SCALAR" }));
    let text = json!({ "kind": "NON_NULL", "ofType": { "name": "String" } });
    assert_eq!(data["service"], json!({ "fields": [{ "name": "sdl", "type": text }] }));
    let fields = data["query"]["fields"].as_array().unwrap();
    assert!(fields.contains(&json!({ "name": "_entities", "args": [{ "name": "representations" }] })));
    assert!(fields.contains(&json!({ "name": "_service", "args": [] })));
}
