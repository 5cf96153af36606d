//! Lines and trees asked for through GraphQL: relations, common managers, paths, charts, closure tables.

use std::collections::{BTreeMap, BTreeSet};

use orgraph::simulator::Workspace;
use serde_json::{Value, json};

use crate::{
    org_chart::stratify,
    queries::company,
    support::{Service, shipped_company},
};

async fn service() -> Service {
    Service::over(Workspace::new(company())).await
}

fn texts(values: &Value) -> Vec<&str> {
    values.as_array().unwrap().iter().map(|value| value.as_str().unwrap()).collect()
}

fn ids(nodes: &Value) -> Vec<&str> {
    nodes.as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn who_is_above_whom() {
    let service = service().await;
    let relation = async |manager: &str, user: &str| {
        let query = format!(
            "{{ isManagerOf(managerId: {manager:?}, userId: {user:?}) {{
                holds distance kind manager {{ id }} user {{ id }} unknownIds }} }}"
        );
        let relation = service.client.data(&query).await["isManagerOf"].take();
        for (field, id) in [("manager", manager), ("user", user)] {
            let unknown = texts(&relation["unknownIds"]).contains(&id);
            let expected = if unknown { Value::Null } else { json!({ "id": id }) };
            assert_eq!(relation[field], expected, "{relation}");
        }
        json!([relation["holds"], relation["distance"], relation["kind"], relation["unknownIds"]])
    };
    assert_eq!(relation("10", "13").await, json!([true, 2, "MANAGER", []]));
    assert_eq!(relation("13", "10").await, json!([false, null, "REPORT", []]));
    assert_eq!(relation("13", "14").await, json!([false, null, "SAME_TREE", []]));
    assert_eq!(relation("10", "20").await, json!([false, null, "DIFFERENT_TREES", []]));
    assert_eq!(relation("15", "16").await, json!([true, 1, "MANAGER_AND_REPORT", []]));
    assert_eq!(relation("15", "15").await, json!([false, null, "SAME_USER", []]));
    assert_eq!(relation("18", "18").await, json!([false, null, "SAME_USER", []]));
    assert_eq!(relation("404", "13").await, json!([null, null, "UNKNOWN_USER", ["404"]]));
    assert_eq!(relation("404", "404").await, json!([null, null, "UNKNOWN_USER", ["404"]]));
}

#[tokio::test]
async fn the_nearest_manager_of_several() {
    let service = service().await;
    let common = async |ids: &[&str]| {
        let query = "query($ids: [ID!]!) { commonManager(userIds: $ids) {
            manager { id } reason users { user { id } distance } unknownIds } }";
        let mut answer = service.client.ask_with(query, json!({ "ids": ids })).await;
        assert_eq!(answer.get("errors"), None);
        answer["data"]["commonManager"].take()
    };
    let user = |id: &str, distance: Option<u32>| json!({ "user": { "id": id }, "distance": distance });
    assert_eq!(
        common(&["14", "x", "13", "14", "y", "x"]).await,
        json!({
            "manager": { "id": "10" },
            "reason": null,
            "users": [user("14", Some(2)), user("13", Some(2))],
            "unknownIds": ["x", "y"],
        })
    );
    // Bo is above Di, but not above himself.
    assert_eq!(common(&["11", "13"]).await["manager"]["id"], "10");
    assert_eq!(common(&["13"]).await["manager"]["id"], "11");
    assert_eq!(common(&["17", "15"]).await["manager"]["id"], "16");
    let without = async |ids: &[&str]| {
        let answer = common(ids).await;
        assert_eq!(answer["manager"], Value::Null);
        let users = answer["users"].as_array().unwrap();
        assert!(users.iter().all(|user| user["distance"].is_null()));
        answer["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(without(&["13", "17"]).await, "DIFFERENT_TREES");
    assert_eq!(without(&["10", "13"]).await, "NO_MANAGER");
    assert_eq!(without(&["19"]).await, "NO_MANAGER");
    assert_eq!(without(&["15", "16", "17"]).await, "WHOLE_RING");
    assert_eq!(without(&["x", "y"]).await, "UNKNOWN_USER");
}

#[tokio::test]
async fn ways_from_one_to_another() {
    let service = service().await;
    let path = async |from: &str, to: &str| {
        let query = format!(
            "{{ path(fromId: {from:?}, toId: {to:?}) {{
                length stepsUp stepsDown turningPoint {{ id }} nodes {{ id }} reason unknownIds }} }}"
        );
        service.client.data(&query).await["path"].take()
    };
    let way = async |from: &str, to: &str| {
        let path = path(from, to).await;
        assert_eq!((&path["reason"], &path["unknownIds"]), (&Value::Null, &json!([])));
        let nodes: Vec<_> = ids(&path["nodes"]).into_iter().map(str::to_owned).collect();
        let [length, up, down] =
            ["length", "stepsUp", "stepsDown"].map(|field| path[field].as_u64().unwrap() as usize);
        assert_eq!((length, nodes.len()), (up + down, length + 1));
        assert_eq!(path["turningPoint"]["id"], nodes[up]);
        (up, nodes.join(" "))
    };
    assert_eq!(way("13", "14").await, (2, "13 11 10 12 14".to_owned()));
    assert_eq!(way("13", "10").await, (2, "13 11 10".to_owned()));
    assert_eq!(way("10", "14").await, (0, "10 12 14".to_owned()));
    assert_eq!(way("17", "17").await, (0, "17".to_owned()));
    // Fay and Gus are above each other: the way turns at the smaller id.
    assert_eq!(way("17", "15").await, (2, "17 16 15".to_owned()));
    assert_eq!(way("16", "15").await, (1, "16 15".to_owned()));
    assert_eq!(way("15", "16").await, (0, "15 16".to_owned()));

    let none = path("13", "17").await;
    assert_eq!((&none["reason"], &none["length"]), (&json!("DIFFERENT_TREES"), &Value::Null));
    assert_eq!((&none["nodes"], &none["turningPoint"]), (&json!([]), &Value::Null));
    let unknown = path("13", "404").await;
    assert_eq!((&unknown["reason"], &unknown["unknownIds"]), (&json!("UNKNOWN_USER"), &json!(["404"])));
}

const NODE: &str =
    "id parentId kind depth siblingIndex matches childCount hiddenChildCount truncatedAt subtreeSize
    lineEnd orphanReason user { id name }";

async fn chart(service: &Service, arguments: &str) -> Value {
    let query = format!("{{ orgChart{arguments} {{ totalCount truncated nodes {{ {NODE} }} }} }}");
    let chart = service.client.data(&query).await["orgChart"].take();
    let nodes = chart["nodes"].as_array().unwrap();
    let rows: Vec<_> =
        nodes.iter().map(|node| (node["id"].as_str().unwrap(), node["parentId"].as_str())).collect();
    let children = stratify(&rows);
    for node in nodes {
        let count = |field: &str| node[field].as_u64().unwrap() as usize;
        let shown = count("childCount") - count("hiddenChildCount");
        assert_eq!(children[node["id"].as_str().unwrap()], shown, "{node}");
        let same = if node["kind"] == "USER" { node["id"].clone() } else { Value::Null };
        assert_eq!(node["user"]["id"], same);
    }
    chart
}

/// "id<parent", for each node.
fn drawn(chart: &Value) -> String {
    let node = |node: &Value| match node["parentId"].as_str() {
        Some(parent) => format!("{}<{parent}", node["id"].as_str().unwrap()),
        None => node["id"].as_str().unwrap().to_owned(),
    };
    chart["nodes"].as_array().unwrap().iter().map(node).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn a_chart_of_a_company_with_everything_wrong() {
    let service = service().await;
    let whole = chart(&service, "").await;
    let company = "orgChart:company";
    assert_eq!(
        drawn(&whole),
        format!(
            "{company} 10<{company} 18<{company} 19<{company} 20<{company} 15<{company} \
             11<10 12<10 16<15 13<11 14<12 17<16"
        )
    );
    assert_eq!((&whole["totalCount"], &whole["truncated"]), (&json!(12), &json!(false)));
    assert_eq!(
        whole["nodes"][0],
        json!({
            "id": company, "parentId": null, "kind": "COMPANY", "depth": 0, "siblingIndex": 0, "matches": false,
            "childCount": 5, "hiddenChildCount": 0, "truncatedAt": null, "subtreeSize": 11, "lineEnd": null,
            "orphanReason": null, "user": null,
        })
    );
    let facts = |field: &str| -> Vec<Value> {
        whole["nodes"].as_array().unwrap()[1..6].iter().map(|node| node[field].clone()).collect()
    };
    assert_eq!(facts("lineEnd"), ["ROOT", "SELF_MANAGED", "MANAGER_NOT_FOUND", "ROOT", "CYCLE"]);
    assert_eq!(
        json!(facts("orphanReason")),
        json!([null, "MANAGER_IS_SELF", "MANAGER_NOT_FOUND", "NO_MANAGER", "MANAGEMENT_CYCLE"])
    );
    assert_eq!(facts("subtreeSize"), [4, 0, 0, 0, 2]);
    assert_eq!(facts("siblingIndex"), [0, 1, 2, 3, 4]);

    // Asked for at another member, the ring is cut there.
    assert_eq!(drawn(&chart(&service, r#"(rootId: "16")"#).await), "16 15<16 17<16");
    assert_eq!(drawn(&chart(&service, r#"(rootId: "12")"#).await), "12 14<12");
    let unknown = service.client.data(r#"{ orgChart(rootId: "404") { truncated } }"#).await;
    assert_eq!(unknown, json!({ "orgChart": null }));
}

#[tokio::test]
async fn a_chart_of_a_part() {
    let service = service().await;
    // Cy has left, and stays as the link to Ed.
    let filtered = chart(&service, r#"(rootId: "10", filter: { titleContains: "designer" })"#).await;
    assert_eq!(drawn(&filtered), "10 12<10 14<12");
    let matches: Vec<_> = filtered["nodes"].as_array().unwrap().iter().map(|node| &node["matches"]).collect();
    assert_eq!(json!(matches), json!([false, false, true]));

    // A single top that is left is the root.
    assert_eq!(drawn(&chart(&service, r#"(filter: { titleContains: "designer" })"#).await), "10 12<10 14<12");
    // Nobody at all is still a tree.
    let nobody = chart(&service, r#"(filter: { nameContains: "zzz" })"#).await;
    assert_eq!((drawn(&nobody), &nobody["totalCount"]), ("orgChart:company".to_owned(), &json!(1)));
    assert_eq!(drawn(&chart(&service, r#"(rootId: "10", filter: { nameContains: "zzz" })"#).await), "10");

    let shallow = chart(&service, r#"(rootId: "10", maxDepth: 1)"#).await;
    assert_eq!(drawn(&shallow), "10 11<10 12<10");
    assert_eq!((&shallow["totalCount"], &shallow["truncated"]), (&json!(5), &json!(true)));
    let limits: Vec<_> =
        shallow["nodes"].as_array().unwrap().iter().map(|node| &node["truncatedAt"]).collect();
    assert_eq!(json!(limits), json!([null, "MAX_DEPTH", "MAX_DEPTH"]));
    assert_eq!(shallow["nodes"][1]["hiddenChildCount"], 1);

    let small = chart(&service, "(maxNodes: 4)").await;
    assert_eq!((&small["totalCount"], &small["truncated"]), (&json!(12), &json!(true)));
    assert_eq!(small["nodes"].as_array().unwrap().len(), 4);
    assert_eq!(small["nodes"][0]["truncatedAt"], "MAX_NODES");
    assert_eq!(
        (&small["nodes"][0]["childCount"], &small["nodes"][0]["hiddenChildCount"]),
        (&json!(5), &json!(2))
    );
}

#[tokio::test]
async fn the_shipped_company_is_a_tree_however_it_is_cut() {
    let service = Service::over(shipped_company()).await;
    let people = service.client.all("users", "", "nodes", "{ id managerId }", 1_000).await;
    let whole = chart(&service, "").await;
    assert_eq!(whole["nodes"].as_array().unwrap().len(), people.len() + 1);
    assert_eq!(whole["nodes"][0]["kind"], "COMPANY");
    for size in [1, 2, 10, 100] {
        let part = chart(&service, &format!("(maxNodes: {size})")).await;
        assert_eq!(part["nodes"].as_array().unwrap().len(), size);
        assert_eq!(part["totalCount"], people.len() + 1);
    }
    for depth in 1..8 {
        chart(&service, &format!("(maxDepth: {depth}, filter: {{ titleContains: \"engineer\" }})")).await;
    }
}

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
    let service = service().await;
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
    let service = service().await;
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
    let service = service().await;
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

#[tokio::test]
async fn arguments_that_cannot_be_used() {
    let service = service().await;
    let many = json!(vec!["10"; 1_001]).to_string();
    for (argument, query) in [
        ("maxDepth", "orgChart(maxDepth: 0) { truncated }".to_owned()),
        ("maxDepth", "orgChart(maxDepth: -9223372036854775808) { truncated }".to_owned()),
        ("maxNodes", "orgChart(maxNodes: 0) { truncated }".to_owned()),
        ("maxNodes", "orgChart(maxNodes: 10001) { truncated }".to_owned()),
        ("maxNodes", "orgChart(maxNodes: -9223372036854775808) { truncated }".to_owned()),
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
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "BAD_USER_INPUT", "{query}");
        assert_eq!(extensions["argument"], argument, "{query}");
    }

    // Cursors of users and of lines are not each other's.
    let data = service
        .client
        .data("{ users(first: 1) { pageInfo { endCursor } } reportingLines(first: 1) { pageInfo { endCursor } } }")
        .await;
    for (field, other) in [("users", "reportingLines"), ("reportingLines", "users")] {
        let cursor = &data[other]["pageInfo"]["endCursor"];
        let answer = service.client.ask(&format!("{{ {field}(after: {cursor}) {{ totalCount }} }}")).await;
        assert_eq!(answer["errors"][0]["extensions"]["argument"], "after", "{field}");
    }

    // As deep and as far as it goes is no mistake.
    let data = service
        .client
        .data(
            r#"{ orgChart(maxDepth: 9223372036854775807) { truncated }
                 reportingLines(maxDistance: 9223372036854775807) { totalCount }
                 user(id: "13") { level(n: 9223372036854775807) { id } } }"#,
        )
        .await;
    assert_eq!(data["orgChart"]["truncated"], false);
    assert_eq!(data["reportingLines"]["totalCount"].as_f64(), Some(10.0));
    assert_eq!(data["user"]["level"], Value::Null);
}
