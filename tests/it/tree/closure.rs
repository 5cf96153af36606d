//! Everybody with everybody above: closure tables, columns by level, distances.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::texts;
use crate::support::{Service, example, shipped_company};

/// Descendant, ancestor, distance of all lines, page by page.
async fn lines(service: &Service, arguments: &str, page: usize) -> Vec<(String, String, u64)> {
    let mut rows = Vec::new();
    let mut after = Value::Null;
    loop {
        let query = format!(
            "query($after: String) {{ reportingLines({arguments} first: {page}, after: $after) {{
                totalCount pageInfo {{ hasNextPage hasPreviousPage endCursor }}
                nodes {{ descendantId ancestorId distance }} }} }}"
        );
        let mut answer = service.client.ask_with(&query, json!({ "after": after })).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        let connection = &mut answer["data"]["reportingLines"];
        assert_eq!(connection["pageInfo"]["hasPreviousPage"], !rows.is_empty());
        for node in connection["nodes"].as_array().unwrap() {
            let id = |field: &str| node[field].as_str().unwrap().to_owned();
            rows.push((id("descendantId"), id("ancestorId"), node["distance"].as_u64().unwrap()));
        }
        if connection["pageInfo"]["hasNextPage"] == false {
            assert_eq!(connection["totalCount"].as_f64(), Some(rows.len() as f64));
            return rows;
        }
        after = connection["pageInfo"]["endCursor"].take();
    }
}

fn listed(rows: &[(String, String, u64)]) -> String {
    let row = |(descendant, ancestor, distance): &(String, String, u64)| {
        format!("{descendant}<{ancestor}:{distance}")
    };
    rows.iter().map(row).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_line_of_a_company() {
    let service = example::service().await;
    let all = "11<10:1 13<11:1 13<10:2 12<10:1 14<12:1 14<10:2 15<16:1 16<15:1 17<16:1 17<15:2";
    for page in [1, 2, 3, 7, 10, 1_000] {
        assert_eq!(listed(&lines(&service, "", page).await), all);
    }
    assert_eq!(
        listed(&lines(&service, r#"under: "11", includeSelf: true,"#, 2).await),
        "11<11:0 13<13:0 13<11:1"
    );
    assert_eq!(
        listed(&lines(&service, r#"under: "10", maxDistance: 1,"#, 2).await),
        "11<10:1 13<11:1 12<10:1 14<12:1"
    );
    assert_eq!(lines(&service, r#"under: "20","#, 2).await, []);

    let data = service
        .client
        .data(
            r#"{ reportingLines(last: 2) { pageInfo { hasNextPage hasPreviousPage startCursor }
                    edges { cursor node { distance ancestor { name } descendant { name } } } }
                 unknown: reportingLines(under: "404") { totalCount } }"#,
        )
        .await;
    let page = &data["reportingLines"];
    assert_eq!(data["unknown"], Value::Null);
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
    assert_eq!(page["pageInfo"]["startCursor"], page["edges"][0]["cursor"]);
    assert_eq!(page["edges"][1]["node"]["ancestor"]["name"], "Fay Example");
    assert_eq!(page["edges"][1]["node"]["descendant"]["name"], "Hal Example");
}

#[tokio::test]
async fn the_lines_of_the_shipped_company_are_those_of_its_links() {
    let service = Service::over(shipped_company()).await;
    let people = service.client.all("users", "", "nodes", "{ id managerId }", 1_000).await;
    let managers: BTreeMap<_, _> =
        people.iter().map(|user| (user["id"].as_str().unwrap(), user["managerId"].as_str())).collect();
    let above = |id: &&str| managers[*id].filter(|manager| managers.contains_key(manager));
    let mut expected = BTreeSet::new();
    for &id in managers.keys() {
        for (distance, manager) in std::iter::successors(Some(id), above).enumerate().skip(1) {
            expected.insert((id.to_owned(), manager.to_owned(), distance as u64));
        }
    }
    let rows = lines(&service, "", 1_000).await;
    assert_eq!(rows.len(), expected.len());
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[tokio::test]
async fn columns_by_level() {
    let service = example::service().await;
    let query = "{ users { nodes { id depth chainIds zero: level(n: 0) { id } one: level(n: 1) { id }
        two: level(n: 2) { id } three: level(n: 3) { id } } } }";
    let data = service.client.data(query).await;
    let row = |user: &Value| {
        let level = |field: &str| user[field]["id"].as_str().unwrap_or("-").to_owned();
        let levels = ["zero", "one", "two", "three"].map(level).join(" ");
        format!("{}: {} | {levels}", user["id"].as_str().unwrap(), texts(&user["chainIds"]).join(" "))
    };
    let rows: Vec<_> = data["users"]["nodes"].as_array().unwrap().iter().map(row).collect();
    insta::assert_snapshot!(rows.join("\n"), @r"
    10:  | 10 - - -
    11: 10 | 10 11 - -
    12: 10 | 10 12 - -
    13: 10 11 | 10 11 13 -
    14: 10 12 | 10 12 14 -
    15: 16 | - - - -
    16: 15 | - - - -
    17: 15 16 | - - - -
    18:  | 18 - - -
    19:  | 19 - - -
    20:  | 20 - - -
    ");
}

#[tokio::test]
async fn distances_hold_in_every_order_and_behind_every_filter() {
    let service = example::service().await;
    let data = service
        .client
        .data(
            r#"{ tree: reports(managerId: "10", transitive: true) { edges { distance node { id } } }
                 sorted: reports(managerId: "10", transitive: true, filter: { active: true },
                    orderBy: { field: NAME, direction: DESC }) { totalCount edges { distance node { id } } }
                 ring: reports(managerId: "15", transitive: true, filter: { titleContains: "exec" }) {
                    edges { distance node { id } } } }"#,
        )
        .await;
    let edges = |field: &str| {
        let edge = |edge: &Value| format!("{}:{}", edge["node"]["id"].as_str().unwrap(), edge["distance"]);
        data[field]["edges"].as_array().unwrap().iter().map(edge).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(edges("tree"), "11:1 13:2 12:1 14:2");
    assert_eq!(edges("sorted"), "14:2 13:2 11:1");
    assert_eq!(data["sorted"]["totalCount"], 3);
    assert_eq!(edges("ring"), "17:2");
}
