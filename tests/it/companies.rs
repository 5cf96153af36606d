//! Real and classic companies: what GraphQL says of every user, against what an independent program says.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use flate2::read::GzDecoder;
use orgraph::simulator::Workspace;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    org_chart::stratify,
    support::{Service, file, text},
    walked::{self, Walked},
};

/// What is expected of a user, or said: top, depth, direct and transitive reports.
type Facts = BTreeMap<String, (String, Option<u64>, u64, u64)>;

async fn facts(service: &Service) -> Facts {
    let selection = "{ id depth managerChain { end } reportCount all: reportCount(transitive: true) }";
    let nodes = service.client.all("users", "", "nodes", selection, 1_000).await;
    let fact = |node: &Value| {
        let top = match node["managerChain"]["end"].as_str().unwrap() {
            "ROOT" => "root",
            "MANAGER_NOT_FOUND" => "dangling",
            "SELF_MANAGED" => "self",
            "CYCLE" => "cycle",
            other => panic!("an end of {other}"),
        };
        let count = |field: &str| node[field].as_u64().unwrap();
        let facts = (top.to_owned(), node["depth"].as_u64(), count("reportCount"), count("all"));
        (node["id"].as_str().unwrap().to_owned(), facts)
    };
    let facts: Facts = nodes.iter().map(fact).collect();
    assert_eq!(facts.len(), nodes.len(), "somebody came twice");
    facts
}

/// The checksum that the heads of the files define.
fn checksum(facts: &Facts) -> String {
    let mut sum = Sha256::new();
    for (id, (top, depth, direct, transitive)) in facts {
        let depth = depth.map_or("-".to_owned(), |depth| depth.to_string());
        sum.update(format!("{id}\t{top}\t{depth}\t{direct}\t{transitive}\n"));
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn ids(value: &Value) -> BTreeSet<String> {
    value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// The orphans by the words' definition, from the file and the expected facts.
fn expected_orphans(company: &str, expected: &Value, facts: &Facts) -> BTreeMap<String, &'static str> {
    let last = &expected["last_wins"];
    let records: BTreeMap<String, Value> = company
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|record| (record["id"].as_str().unwrap().to_owned(), record))
        .collect();
    let mut orphans = BTreeMap::new();
    for (id, record) in &records {
        let manager = record["managerId"].as_str().and_then(|manager| records.get(manager));
        if manager.is_some_and(|manager| record["active"] == true && manager["active"] == false) {
            orphans.insert(id.clone(), "MANAGER_INACTIVE");
        }
    }
    let alone = |id: &String| facts[id].2 == 0;
    orphans.extend(ids(&last["root_ids"]).into_iter().filter(alone).map(|id| (id, "NO_MANAGER")));
    orphans.extend(ids(&last["dangling_ids"]).into_iter().map(|id| (id, "MANAGER_NOT_FOUND")));
    orphans.extend(ids(&last["self_managed_ids"]).into_iter().map(|id| (id, "MANAGER_IS_SELF")));
    for cycle in last["cycle_list"].as_array().unwrap() {
        orphans.extend(ids(cycle).into_iter().map(|id| (id, "MANAGEMENT_CYCLE")));
    }
    orphans
}

async fn check(company: &str, expected: &Value) {
    let service = Service::over(Workspace::from_ndjson(company).unwrap()).await;
    let facts = facts(&service).await;
    if let Some(users) = expected["per_user_last_wins"].as_object() {
        let expected: Facts = users
            .iter()
            .map(|(id, row)| {
                let row =
                    (row[0].as_str().unwrap().to_owned(), row[1].as_u64(), row[2].as_u64(), row[3].as_u64());
                (id.clone(), (row.0, row.1, row.2.unwrap(), row.3.unwrap()))
            })
            .collect();
        assert_eq!(facts, expected);
    }
    assert_eq!(checksum(&facts), expected["last_wins"]["checksum"]);

    let roots = service.client.all("roots", "", "nodes", "{ id }", 1_000).await;
    let roots: BTreeSet<String> = roots.iter().map(|root| root["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(roots, ids(&expected["last_wins"]["root_ids"]));

    let orphans = service.client.all("orphans", "", "edges", "{ reason node { id } }", 1_000).await;
    let orphans: BTreeMap<_, _> = orphans
        .iter()
        .map(|edge| (edge["node"]["id"].as_str().unwrap().to_owned(), edge["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(orphans, expected_orphans(company, expected, &facts));
    drawn_and_flattened(&service, &facts).await;
    heard(&service, &facts).await;

    let walked = Walked::of(company);
    walked::shape(&service, &walked, expected).await;
    walked::columns(&service, &walked).await;
    walked::pairs(&service, &walked).await;
}

/// With access to their team people hear as many as there are below them, and are heard by as many as there
/// are above: a hundred of them, from all over the company.
async fn heard(service: &Service, facts: &Facts) {
    let some: Vec<_> = facts.iter().step_by(facts.len().div_ceil(100).max(1)).collect();
    for people in some.chunks(20) {
        let asked = people.iter().enumerate().map(|(at, (id, _))| {
            let id = json!(id);
            format!(
                "heard{at}: callVisibility(userId: {id}, access: TEAM, first: 0) {{ totalCount }}
                 hearers{at}: whoCanSee(userId: {id}, access: TEAM, first: 0) {{ totalCount }} "
            )
        });
        let data = service.client.data(&format!("{{ {} }}", asked.collect::<String>())).await;
        for (at, (id, (_, depth, _, transitive))) in people.iter().enumerate() {
            assert_eq!(data[format!("heard{at}")]["totalCount"], transitive + 1, "heard by {id}");
            if let Some(depth) = depth {
                assert_eq!(data[format!("hearers{at}")]["totalCount"], depth + 1, "who hear {id}");
            }
        }
    }
}

/// The company as a chart and as a closure table says the same.
async fn drawn_and_flattened(service: &Service, facts: &Facts) {
    let pairs: u64 = facts.values().map(|(.., transitive)| transitive).sum();
    let query = "{ reportingLines(first: 0) { totalCount } orgChart(maxNodes: 10000) { totalCount
        nodes { id parentId kind depth childCount subtreeSize lineEnd truncatedAt } } }";
    let data = service.client.data(query).await;
    assert_eq!(data["reportingLines"]["totalCount"].as_f64(), Some(pairs as f64));

    let chart = &data["orgChart"];
    let nodes = chart["nodes"].as_array().unwrap();
    let tops = u64::from(nodes[0]["kind"] == "COMPANY");
    assert_eq!(chart["totalCount"], facts.len() as u64 + tops);
    assert_eq!(nodes.len(), (facts.len() + tops as usize).min(10_000));
    let rows: Vec<_> =
        nodes.iter().map(|node| (node["id"].as_str().unwrap(), node["parentId"].as_str())).collect();
    stratify(&rows);
    for node in nodes.iter().filter(|node| node["kind"] == "USER") {
        let (top, depth, direct, transitive) = &facts[node["id"].as_str().unwrap()];
        // The links of a ring are cut somewhere; everybody else is where the file says.
        if top != "cycle" {
            assert_eq!(node["depth"].as_u64().map(|depth| depth - tops), *depth);
            assert_eq!((&node["childCount"], &node["subtreeSize"]), (&json!(direct), &json!(transitive)));
            assert_eq!(node["lineEnd"].is_null(), *depth != Some(0));
        }
    }
}

macro_rules! companies {
    ($($name:ident in $folder:literal),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            let company = text(concat!($folder, "/", stringify!($name), ".ndjson"));
            let expected = text(concat!("tests/data/", stringify!($name), ".expected.json"));
            check(&company, &serde_json::from_str(&expected).unwrap()).await;
        }
    )*};
}

companies! {
    northwind in "tests/data",
    chinook in "tests/data",
    ms_myemployees in "tests/data",
    oracle_hr in "tests/data",
    adventureworks_dw in "tests/data",
    sourcegraph_2022 in "data",
}

#[tokio::test(flavor = "multi_thread")]
async fn git_deep_with_its_12859_levels() {
    let mut company = String::new();
    let packed = std::fs::File::open(file("tests/data/git_deep.ndjson.gz")).unwrap();
    GzDecoder::new(packed).read_to_string(&mut company).unwrap();
    let expected: Value = serde_json::from_str(&text("tests/data/git_deep.expected.json")).unwrap();
    let service = Service::over(Workspace::from_ndjson(&company).unwrap()).await;

    let facts = facts(&service).await;
    assert_eq!(checksum(&facts), expected["last_wins"]["checksum"]);

    let (deepest, _) = facts.iter().max_by_key(|(_, (_, depth, ..))| *depth).unwrap();
    let query = "query($id: ID!) { managerChain(userId: $id) { length end nodes { id } } }";
    let answer = service.client.ask_with(query, json!({ "id": deepest })).await;
    let chain = &answer["data"]["managerChain"];
    assert_eq!((&chain["length"], &chain["end"]), (&json!(12_859), &json!("ROOT")));
    assert_eq!(chain["nodes"].as_array().unwrap().len(), 12_859);

    walked::shape(&service, &Walked::of(&company), &expected).await;

    // The same line as a path, as columns, and every pair along all lines.
    drawn_and_flattened(&service, &facts).await;
    let query = "query($from: ID!, $to: ID!) {
        path(fromId: $from, toId: $to) { length stepsDown nodes { id } }
        user(id: $from) { chainIds level(n: 0) { id } } }";
    let foot = chain["nodes"][12_858]["id"].as_str().unwrap();
    let data = service.client.ask_with(query, json!({ "from": deepest, "to": foot })).await["data"].take();
    assert_eq!((&data["path"]["length"], &data["path"]["stepsDown"]), (&json!(12_859), &json!(0)));
    assert_eq!(data["path"]["nodes"].as_array().unwrap()[1..], chain["nodes"].as_array().unwrap()[..]);
    let from_top = chain["nodes"].as_array().unwrap().iter().rev().map(|node| &node["id"]);
    assert!(data["user"]["chainIds"].as_array().unwrap().iter().eq(from_top));
    assert_eq!(data["user"]["level"]["id"], foot);

    // Down the same line: the top's reports as deep as it goes, all of them once.
    let top = chain["nodes"][12_858]["id"].as_str().unwrap();
    let reports = service
        .client
        .all(
            "reports",
            &format!("managerId: {top:?}, transitive: true"),
            "edges",
            "{ distance node { id } }",
            1_000,
        )
        .await;
    assert_eq!(reports.len() as u64, facts[top].3);
    assert!(reports.iter().any(|edge| edge["distance"] == 12_859 && edge["node"]["id"] == deepest.as_str()));
}
