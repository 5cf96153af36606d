//! What is wrong: issues with their people, page by page; rings.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::{Value, json};

use super::{company, service};
use crate::support::Service;

/// Kind, severity, people and how many below, of each issue of `orgHealth`.
async fn issues(service: &Service, arguments: &str) -> Vec<Value> {
    let query = format!(
        "{{ orgHealth{arguments} {{ nodes {{ kind severity people {{ nodes {{ id }} }} belowCount }} }} }}"
    );
    let data = service.client.data(&query).await;
    let nodes = data["orgHealth"]["nodes"].as_array().unwrap().clone();
    let ids = |node: &Value| -> Vec<Value> {
        node["people"]["nodes"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect()
    };
    nodes.iter().map(|node| json!([node["kind"], node["severity"], ids(node), node["belowCount"]])).collect()
}

#[tokio::test]
async fn what_is_wrong_the_worst_first() {
    let service = service().await;
    let errors = [
        json!(["CYCLE", "ERROR", ["15", "16"], 1]),
        json!(["DANGLING_MANAGER", "ERROR", ["19"], 0]),
        json!(["SELF_MANAGED", "ERROR", ["18"], 0]),
        json!(["DUPLICATE_EMAIL", "ERROR", ["13", "17"], 0]),
    ];
    let warnings = [
        json!(["MULTIPLE_ROOTS", "WARNING", ["10", "21"], 5]),
        json!(["DANGLING_MANAGER", "WARNING", ["23"], 0]),
        json!(["INACTIVE_MANAGER", "WARNING", ["12", "14"], 0]),
        json!(["ISOLATED", "WARNING", ["20"], 0]),
        json!(["AVATAR_MANAGER", "WARNING", ["90", "24", "25"], 0]),
    ];
    let all = [errors.as_slice(), &warnings].concat();
    assert_eq!(issues(&service, "").await, all);
    assert_eq!(issues(&service, "(maxSpan: 2147483647, maxDepth: 2147483647)").await, all);
    assert_eq!(issues(&service, "(severities: [ERROR, ERROR])").await, errors);
    assert_eq!(
        issues(&service, "(kinds: [DANGLING_MANAGER], severities: [WARNING, INFO])").await,
        [json!(["DANGLING_MANAGER", "WARNING", ["23"], 0])]
    );
    assert_eq!(issues(&service, "(kinds: [])").await, [] as [Value; 0]);
    assert_eq!(
        issues(&service, "(maxSpan: 1, maxDepth: 1, severities: INFO)").await,
        [
            json!(["EXTREME_SPAN", "INFO", ["10"], 4]),
            json!(["DEEP_CHAIN", "INFO", ["10", "13"], 3]),
            json!(["EXTREME_SPAN", "INFO", ["16"], 2]),
        ]
    );

    let data = service
        .client
        .data(
            "{ orgHealth(first: 0) { totalCount nodes { id } pageInfo { hasNextPage }
                 countsByKind { kind count } countsBySeverity { severity count } } }",
        )
        .await;
    let kinds = [
        ("DANGLING_MANAGER", 2),
        ("SELF_MANAGED", 1),
        ("CYCLE", 1),
        ("INACTIVE_MANAGER", 1),
        ("ISOLATED", 1),
        ("MULTIPLE_ROOTS", 1),
        ("DUPLICATE_EMAIL", 1),
        ("AVATAR_MANAGER", 1),
    ];
    assert_eq!(
        data["orgHealth"],
        json!({
            "totalCount": 9,
            "nodes": [],
            "pageInfo": { "hasNextPage": true },
            "countsByKind": kinds.map(|(kind, count)| json!({ "kind": kind, "count": count })),
            "countsBySeverity":
                [{ "severity": "ERROR", "count": 4 }, { "severity": "WARNING", "count": 5 }],
        })
    );
}

#[tokio::test]
async fn an_issue_says_what_it_is_and_what_to_do() {
    let service = service().await;
    let data = service
        .client
        .data(
            "{ orgHealth(maxSpan: 1, maxDepth: 1, kinds: [CYCLE, DUPLICATE_EMAIL, INACTIVE_MANAGER, DEEP_CHAIN]) {
                 nodes { id summary advice emailAddress people(first: 1) { totalCount } } } }",
        )
        .await;
    insta::assert_json_snapshot!(data["orgHealth"]["nodes"], @r#"
    [
      {
        "advice": "Find out who of them stands highest, and give that person a manager outside the ring, or none if nobody is above them.",
        "emailAddress": null,
        "id": "issue:CYCLE:15",
        "people": {
          "totalCount": 2
        },
        "summary": "These 2 people manage each other in a ring, so none of them has a line to a top."
      },
      {
        "advice": "Decide whose address it is and remove it from the others. If they are one person, keep one user and deactivate the others.",
        "emailAddress": "Demo@Example.org",
        "id": "issue:DUPLICATE_EMAIL:4701221fac80d364",
        "people": {
          "totalCount": 2
        },
        "summary": "2 users have the same e-mail address, so it doesn't tell who is meant."
      },
      {
        "advice": "Give these reports a new manager, for instance the manager of the inactive one; or activate that user again, if they still work here.",
        "emailAddress": null,
        "id": "issue:INACTIVE_MANAGER:12",
        "people": {
          "totalCount": 2
        },
        "summary": "This manager is inactive and still has 1 active direct report."
      },
      {
        "advice": "Look at the line between the two for managers who stand below each other by mistake.",
        "emailAddress": null,
        "id": "issue:DEEP_CHAIN>1:10",
        "people": {
          "totalCount": 2
        },
        "summary": "The deepest person of this tree is 2 steps below its top, more than 1."
      }
    ]
    "#);
}

#[tokio::test]
async fn issues_are_nodes() {
    let service = service().await;
    let data = service.client.data("{ orgHealth(maxSpan: 1, maxDepth: 1) { nodes { id kind } } }").await;
    let nodes = data["orgHealth"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 12);
    let unknown = [
        "issue:",
        "issue:CYCLE",
        "issue:CYCLE:16",
        "issue:cycle:15",
        "issue:CYCLE>2:15",
        "issue:EXTREME_SPAN:10",
        "issue:EXTREME_SPAN>2:10",
        "issue:EXTREME_SPAN>0:10",
        "issue:EXTREME_SPAN>x:10",
        "issue:DEEP_CHAIN>-1:10",
    ];
    let ids: Vec<_> = nodes.iter().map(|node| &node["id"]).cloned().chain(unknown.map(Value::from)).collect();
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Issue { kind } } }";
    let found = service.client.ask_with(query, json!({ "ids": ids })).await;
    let expected: Vec<_> = nodes.iter().cloned().chain(unknown.map(|_| Value::Null)).collect();
    assert_eq!(found["data"]["nodes"], json!(expected), "{found}");
    for (id, expected) in ids.iter().zip(&expected) {
        let query = format!("{{ node(id: {id}) {{ id ... on Issue {{ kind }} }} }}");
        assert_eq!(service.client.data(&query).await["node"], *expected);
    }
}

#[tokio::test]
async fn a_user_knows_the_issues_that_touch_it() {
    let service = service().await;
    let data = service
        .client
        .data("{ users(filter: { kind: [PERSON, AVATAR] }) { nodes { id issues { totalCount nodes { id kind } } } } }")
        .await;
    let all = service.client.data("{ orgHealth { nodes { id kind people { nodes { id } } } } }").await;
    for user in data["users"]["nodes"].as_array().unwrap() {
        let touching: Vec<_> = all["orgHealth"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|issue| {
                issue["people"]["nodes"].as_array().unwrap().iter().any(|one| one["id"] == user["id"])
            })
            .map(|issue| json!({ "id": issue["id"], "kind": issue["kind"] }))
            .collect();
        let expected = json!({ "totalCount": touching.len(), "nodes": touching });
        assert_eq!(user["issues"], expected, "{}", user["id"]);
    }
    assert_eq!(data["users"]["nodes"].as_array().unwrap().len(), company().len());
}

#[tokio::test]
async fn lists_are_read_page_by_page() {
    let service = service().await;
    for (field, arguments, selection) in [
        ("orgHealth", "", "{ id }"),
        ("orgHealth", "maxSpan: 1, severities: [ERROR, INFO]", "{ id summary }"),
        ("cycles", "", "{ length }"),
    ] {
        let whole = service.client.all(field, arguments, "nodes", selection, 1_000).await;
        assert!(!whole.is_empty());
        for size in 1..4 {
            assert_eq!(service.client.all(field, arguments, "nodes", selection, size).await, whole);
        }
    }

    // Backwards, by the cursors of the edges.
    let edges = service.client.all("orgHealth", "", "edges", "{ cursor node { id } }", 1_000).await;
    for (at, edge) in edges.iter().enumerate() {
        let query = format!(
            "{{ orgHealth(last: 2, before: {}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasPreviousPage }} }} }}",
            edge["cursor"]
        );
        let page = service.client.data(&query).await;
        assert_eq!(page["orgHealth"]["edges"], json!(edges[at.saturating_sub(2)..at]));
        assert_eq!(page["orgHealth"]["pageInfo"]["hasPreviousPage"], at > 2);
    }

    // The people of an issue.
    let people = |arguments: &str| {
        format!(
            "{{ orgHealth(kinds: AVATAR_MANAGER) {{ nodes {{ people{arguments} {{
                 totalCount edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
        )
    };
    let mut seen = Vec::new();
    let mut arguments = "(first: 2)".to_owned();
    loop {
        let data = service.client.data(&people(&arguments)).await;
        let page = &data["orgHealth"]["nodes"][0]["people"];
        assert_eq!(page["totalCount"], 3);
        seen.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        arguments = format!("(first: 2, after: {})", page["pageInfo"]["endCursor"]);
    }
    assert_eq!(seen, ["90", "24", "25"]);
}

#[tokio::test]
async fn rings_in_the_order_of_their_links() {
    // 3 is managed by 1, 1 by 2, 2 by 3; 4 is below 2 and 5 below 4. 6 and 7 are another ring.
    let under =
        |id: &str, manager: &str| SimUser { manager_id: Some(manager.to_owned()), ..SimUser::new(id) };
    let users = [("3", "1"), ("1", "2"), ("2", "3"), ("4", "2"), ("5", "4"), ("7", "6"), ("6", "7")];
    let service = Service::over(Workspace::new(users.map(|(id, manager)| under(id, manager)).into())).await;
    let query = "{ cycles { totalCount nodes { length belowCount members { totalCount nodes { id } } } } }";
    let data = service.client.data(query).await;
    let ring = |ids: &[&str], below: u32| {
        let nodes: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
        json!({ "length": ids.len(), "belowCount": below,
                "members": { "totalCount": ids.len(), "nodes": nodes } })
    };
    let rings = [ring(&["1", "2", "3"], 2), ring(&["6", "7"], 0)];
    assert_eq!(data["cycles"], json!({ "totalCount": 2, "nodes": rings }));
    let none = Service::over(Workspace::new(vec![under("1", "2"), SimUser::new("2")])).await;
    assert_eq!(
        none.client.data("{ cycles { totalCount nodes { length } } }").await["cycles"]["totalCount"],
        0
    );
}
