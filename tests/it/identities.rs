//! Identities over the wire.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::json;

use crate::support::{Service, refusal, simulate};

/// Two share an address, another two a phone number, and one's alias is another's id.
fn company() -> Vec<SimUser> {
    let user = |id: &str, email: &str| SimUser {
        email_address: Some(email.to_owned()),
        first_name: Some(format!("N{id}")),
        ..SimUser::new(id)
    };
    vec![
        SimUser {
            email_aliases: vec!["Sales@Example.org".to_owned()],
            phone_number: Some("+1 (555) 0100".to_owned()),
            ..user("1", "Ada@example.org")
        },
        SimUser {
            trusted_email_address: Some("sales@example.org".to_owned()),
            phone_number: Some("+1 555-0100".to_owned()),
            extension: Some("7".to_owned()),
            ..user("2", "bo@example.org")
        },
        SimUser { phone_number: Some("+15550100 ".to_owned()), ..user("3", "cy@example.org") },
        SimUser { email_aliases: vec!["3".to_owned()], active: false, ..user("4", "di@example.org") },
    ]
}

async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}

#[tokio::test]
async fn the_identities_of_a_user() {
    let data = service()
        .await
        .client
        .data(r#"{ usersByIds(ids: ["1", "2", "4"]) { identities { kind value shared } } }"#)
        .await;
    let identity =
        |kind: &str, value: &str, shared: bool| json!({ "kind": kind, "value": value, "shared": shared });
    assert_eq!(
        data["usersByIds"],
        json!([
            { "identities": [
                identity("PRIMARY_EMAIL", "Ada@example.org", false),
                identity("EMAIL_ALIAS", "Sales@Example.org", true),
                identity("PHONE_NUMBER", "+1 (555) 0100", true),
            ] },
            { "identities": [
                identity("PRIMARY_EMAIL", "bo@example.org", false),
                identity("TRUSTED_EMAIL", "sales@example.org", true),
                identity("PHONE_NUMBER", "+1 555-0100", false),
            ] },
            { "identities": [
                identity("PRIMARY_EMAIL", "di@example.org", false),
                identity("EMAIL_ALIAS", "3", false),
            ] },
        ])
    );
}

#[tokio::test]
async fn keys_are_resolved_in_their_order() {
    let data = service()
        .await
        .client
        .data(
            r#"{ resolveIdentities(keys: ["ADA@example.org", "nobody", "3", "sales@EXAMPLE.org", "2", "02", "2"]) {
                key outcome by user { id } candidateCount candidates { by user { id } } } }"#,
        )
        .await;
    let found = |key: &str, by: &str, id: &str| json!({ "key": key, "outcome": "FOUND", "by": by, "user": { "id": id }, "candidateCount": 1, "candidates": [] });
    let not_found = |key: &str| json!({ "key": key, "outcome": "NOT_FOUND", "by": null, "user": null, "candidateCount": 0, "candidates": [] });
    let ambiguous = |key: &str, candidates: [(&str, &str); 2]| {
        let candidates = candidates.map(|(by, id)| json!({ "by": by, "user": { "id": id } }));
        json!({ "key": key, "outcome": "AMBIGUOUS", "by": null, "user": null, "candidateCount": 2, "candidates": candidates })
    };
    assert_eq!(
        data["resolveIdentities"],
        json!([
            found("ADA@example.org", "PRIMARY_EMAIL", "1"),
            not_found("nobody"),
            ambiguous("3", [("ID", "3"), ("EMAIL_ALIAS", "4")]),
            ambiguous("sales@EXAMPLE.org", [("EMAIL_ALIAS", "1"), ("TRUSTED_EMAIL", "2")]),
            found("2", "ID", "2"),
            not_found("02"),
            found("2", "ID", "2"),
        ])
    );
}

#[tokio::test]
async fn a_thousand_keys_are_one_call_and_more_are_refused() {
    let simulator = simulate(Workspace::new(company()));
    let service = Service::of(&simulator).await;
    let query =
        "query($keys: [String!]!) { resolveIdentities(keys: $keys) { key outcome user { id name } } }";
    let calls = simulator.stats().calls;
    let keys: Vec<_> = (0..1_000).map(|n| format!("unknown-{n}")).collect();
    let answer = service.client.ask_with(query, json!({ "keys": keys })).await;
    let told: Vec<_> =
        answer["data"]["resolveIdentities"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
    assert_eq!(json!(told), json!(keys));
    assert_eq!(simulator.stats().calls, calls, "Gong was asked");

    let keys = vec!["1"; 1_001];
    let answer = service.client.ask_with(query, json!({ "keys": keys })).await;
    assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "keys"));
}

#[tokio::test]
async fn what_is_shared_is_listed_once() {
    let service = service().await;
    let selection = "{ value kinds holderCount holders { kinds user { id } } }";
    let conflicts = service.client.all("identityConflicts", "", "nodes", selection, 1).await;
    let holder = |kind: &str, id: &str| json!({ "kinds": [kind], "user": { "id": id } });
    assert_eq!(
        conflicts,
        [
            json!({ "value": "+15550100", "kinds": ["PHONE_NUMBER"], "holderCount": 2,
                "holders": [holder("PHONE_NUMBER", "1"), holder("PHONE_NUMBER", "3")] }),
            json!({ "value": "sales@example.org", "kinds": ["EMAIL_ALIAS", "TRUSTED_EMAIL"], "holderCount": 2,
                "holders": [holder("EMAIL_ALIAS", "1"), holder("TRUSTED_EMAIL", "2")] }),
        ]
    );
    let data = service
        .client
        .data(
            "{ phones: identityConflicts(kinds: [PHONE_NUMBER]) { totalCount nodes { holders(first: 1) { user { id } } } }
               trusted: identityConflicts(kinds: [TRUSTED_EMAIL, TRUSTED_EMAIL]) { edges { node { value } } }
               none: identityConflicts(kinds: []) { totalCount nodes { value } pageInfo { hasNextPage endCursor } } }",
        )
        .await;
    assert_eq!(
        data,
        json!({
            "phones": { "totalCount": 1, "nodes": [{ "holders": [{ "user": { "id": "1" } }] }] },
            "trusted": { "edges": [{ "node": { "value": "sales@example.org" } }] },
            "none": { "totalCount": 0, "nodes": [], "pageInfo": { "hasNextPage": false, "endCursor": null } },
        })
    );
    for (arguments, argument) in [
        ("first: 1001", "first"),
        ("after: \"x\"", "after"),
        ("first: 1, last: 1", "last"),
        ("last: -1", "last"),
    ] {
        let answer =
            service.client.ask(&format!("{{ identityConflicts({arguments}) {{ totalCount }} }}")).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{answer}");
    }
    let answer =
        service.client.ask("{ identityConflicts { nodes { holders(first: 1001) { kinds } } } }").await;
    assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "first"));
}
