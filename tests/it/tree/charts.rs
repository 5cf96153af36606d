//! Charts: every node with its parent, whole and cut.

use serde_json::{Value, json};

use crate::{
    org_chart::stratify,
    support::{Service, example, shipped_company},
};

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
    let service = example::service().await;
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
    let service = example::service().await;
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
