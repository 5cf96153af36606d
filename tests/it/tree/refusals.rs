//! What can't be asked about lines and trees, and what would be too long.

use orgraph::simulator::{SimUser, Workspace};
use serde_json::{Value, json};

use crate::support::{Service, code, example, refusal};

#[tokio::test]
async fn arguments_that_cannot_be_used() {
    let service = example::service().await;
    let many = json!(vec!["10"; 1_001]).to_string();
    for (argument, query) in [
        ("maxDepth", "orgChart(maxDepth: 0) { truncated }".to_owned()),
        ("maxDepth", "orgChart(maxDepth: -2147483648) { truncated }".to_owned()),
        ("maxNodes", "orgChart(maxNodes: 0) { truncated }".to_owned()),
        ("maxNodes", "orgChart(maxNodes: 10001) { truncated }".to_owned()),
        ("maxNodes", "orgChart(maxNodes: -2147483648) { truncated }".to_owned()),
        ("maxDistance", "reportingLines(maxDistance: 0) { totalCount }".to_owned()),
        ("first", "reportingLines(first: -1) { totalCount }".to_owned()),
        ("first", "reportingLines(first: 1001) { totalCount }".to_owned()),
        ("last", "reportingLines(first: 1, last: 1) { totalCount }".to_owned()),
        ("after", r#"reportingLines(after: "x") { totalCount }"#.to_owned()),
        ("before", r#"reportingLines(before: "") { totalCount }"#.to_owned()),
        ("userIds", "commonManager(userIds: []) { reason }".to_owned()),
        ("userIds", format!("commonManager(userIds: {many}) {{ reason }}")),
        ("n", r#"user(id: "13") { level(n: -1) { id } }"#.to_owned()),
    ] {
        let answer = service.client.ask(&format!("{{ {query} }}")).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{query}");
    }

    // Cursors of users and of lines are not each other's.
    let data = service
        .client
        .data("{ users(first: 1) { pageInfo { endCursor } } reportingLines(first: 1) { pageInfo { endCursor } } }")
        .await;
    for (field, other) in [("users", "reportingLines"), ("reportingLines", "users")] {
        let cursor = &data[other]["pageInfo"]["endCursor"];
        let answer = service.client.ask(&format!("{{ {field}(after: {cursor}) {{ totalCount }} }}")).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "after"), "{field}");
    }

    // As deep and as far as it goes is no mistake.
    let data = service
        .client
        .data(
            r#"{ orgChart(maxDepth: 2147483647) { truncated }
                 reportingLines(maxDistance: 2147483647) { totalCount }
                 user(id: "13") { level(n: 2147483647) { id } } }"#,
        )
        .await;
    assert_eq!(data["orgChart"]["truncated"], false);
    assert_eq!(data["reportingLines"]["totalCount"].as_f64(), Some(10.0));
    assert_eq!(data["user"]["level"], Value::Null);
}

#[tokio::test]
async fn what_would_be_too_long_is_refused() {
    let person = |at: usize| SimUser {
        manager_id: at.checked_sub(1).map(|manager| format!("{manager:04}")),
        ..SimUser::new(format!("{at:04}"))
    };
    let service = Service::over(Workspace::new((0..3_000).map(person).collect())).await;
    let aliases =
        |count: usize, field: &str| -> String { (0..count).map(|n| format!("a{n}: {field} ")).collect() };
    let path = |fields: usize| {
        format!(r#"path(fromId: "2999", toId: "0000") {{ nodes {{ {} }} }}"#, aliases(fields, "id"))
    };
    let chain = r#"user(id: "2999") { chainIds }"#;
    let level = r#"user(id: "2999") { level(n: 0) { id } }"#;
    let chart =
        |fields: usize| format!("orgChart(maxNodes: 10000) {{ nodes {{ {} }} }}", aliases(fields, "depth"));
    let lines = "reportingLines(first: 0) { totalCount }";
    for (fields, expected) in [
        (path(3), "no error"),
        (path(400), "QUERY_TOO_COMPLEX"),
        (aliases(3, chain), "no error"),
        (aliases(400, chain), "QUERY_TOO_COMPLEX"),
        (aliases(400, level), "QUERY_TOO_COMPLEX"),
        (chart(3), "no error"),
        (chart(25), "QUERY_TOO_COMPLEX"),
        (aliases(3, lines), "no error"),
        (aliases(1_000, lines), "QUERY_TOO_COMPLEX"),
    ] {
        let answer = service.client.ask(&format!("{{ {fields} }}")).await;
        assert_eq!(code(&answer), expected, "{fields:.80}");
    }
}
