//! Real and classic companies: what GraphQL says of lines, shape and health, against a plain walk over the
//! company's file and what an independent program says of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::Service;

/// The file: a record an id.
pub(crate) struct Walked {
    records: BTreeMap<String, Value>,
}

impl Walked {
    pub(crate) fn of(company: &str) -> Self {
        let records = company.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        Self { records: records.map(|record| (record["id"].as_str().unwrap().to_owned(), record)).collect() }
    }

    fn ids(&self) -> Vec<&str> {
        self.records.keys().map(String::as_str).collect()
    }

    /// The user, then the managers up to the top.
    fn line<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let mut line = vec![id];
        let above = |id: &str| self.records[id]["managerId"].as_str();
        while let Some(manager) = above(line[line.len() - 1]) {
            if !self.records.contains_key(manager) || line.contains(&manager) {
                break;
            }
            line.push(manager);
        }
        line
    }

    /// How many e-mail addresses more than one user has.
    fn shared_addresses(&self) -> usize {
        let mut holders = BTreeMap::<String, BTreeSet<&str>>::new();
        for (id, record) in &self.records {
            let aliases = record["emailAliases"].as_array().into_iter().flatten();
            let addresses = aliases.chain([&record["emailAddress"], &record["trustedEmailAddress"]]);
            for address in addresses.filter_map(Value::as_str) {
                holders.entry(address.to_lowercase()).or_default().insert(id);
            }
        }
        holders.values().filter(|holders| holders.len() > 1).count()
    }
}

/// Rings, shape and health, as the independent program has them.
pub(crate) async fn shape(service: &Service, walked: &Walked, expected: &Value) {
    let last = &expected["last_wins"];
    let rings = service.client.all("cycles", "", "nodes", "{ length members { nodes { id } } }", 100).await;
    let members = |ring: &Value| -> BTreeSet<String> {
        let members = ring["members"]["nodes"].as_array().unwrap();
        members.iter().map(|member| member["id"].as_str().unwrap().to_owned()).collect()
    };
    let told: BTreeSet<_> = rings.iter().map(members).collect();
    let listed = last["cycle_list"].as_array().unwrap().iter();
    let listed: BTreeSet<BTreeSet<String>> =
        listed.map(|ring| serde_json::from_value(ring.clone()).unwrap()).collect();
    assert_eq!(told, listed);
    assert_eq!(rings.len(), last["cycles"]);
    let in_rings: u64 = rings.iter().map(|ring| ring["length"].as_u64().unwrap()).sum();
    assert_eq!(in_rings, last["users_in_cycles"]);

    let query = "{ orgStats(groupBy: TOP) { headcount activeCount inactiveCount managerCount
        individualContributorCount layers maxDepth withoutDepthCount span { max mean }
        headcountByDepth(maxDepth: 1000) { depth headcount }
        groups(first: 1000) { totalCount nodes { key headcount } } } }";
    let stats = service.client.data(query).await["orgStats"].take();
    let number = |name: &str| last[name].as_u64().unwrap();
    let (users, managers) = (number("users"), number("managers"));
    assert_eq!(stats["headcount"], users);
    assert_eq!(stats["activeCount"], last["active"]);
    assert_eq!(stats["inactiveCount"], users - number("active"));
    assert_eq!(stats["managerCount"], managers);
    assert_eq!(stats["individualContributorCount"], users - managers);
    assert_eq!(stats["maxDepth"], last["max_depth_any_top"]);
    assert_eq!(stats["layers"], number("max_depth_any_top") + 1);
    assert_eq!(stats["withoutDepthCount"], last["users_by_top"]["cycle"].as_u64().unwrap_or(0));
    assert_eq!(stats["span"]["max"], last["max_direct_reports"]);
    if let Some(histogram) = last["depth_histogram"].as_object() {
        let told = stats["headcountByDepth"].as_array().unwrap().iter();
        let told: BTreeMap<_, _> = told.map(|row| (row["depth"].to_string(), &row["headcount"])).collect();
        assert_eq!(told, histogram.iter().map(|(depth, count)| (depth.clone(), count)).collect());
    }
    // Whoever isn't a top is somebody's direct report.
    let tops = number("roots") + number("dangling") + number("self_managed");
    assert_eq!(stats["groups"]["totalCount"], tops + number("cycles"));
    let reports = stats["span"]["mean"].as_f64().unwrap() * managers as f64;
    assert_eq!(reports.round() as u64, users - tops);
    let in_groups = stats["groups"]["nodes"].as_array().unwrap().iter();
    assert_eq!(in_groups.map(|group| group["headcount"].as_u64().unwrap()).sum::<u64>(), users);

    health(service, walked, expected).await;
}

async fn health(service: &Service, walked: &Walked, expected: &Value) {
    let last = &expected["last_wins"];
    let number = |name: &str| last[name].as_u64().unwrap();
    let managers: BTreeSet<_> =
        walked.records.values().filter_map(|record| record["managerId"].as_str()).collect();
    let roots = walked.records.iter().filter(|(_, record)| record["managerId"].is_null());
    let (leading, alone): (Vec<_>, Vec<_>) =
        roots.map(|(id, _)| id.as_str()).partition(|id| managers.contains(id));
    assert_eq!((leading.len() + alone.len()) as u64, number("roots"));
    let mut kinds = BTreeMap::from([
        ("CYCLE", number("cycles")),
        ("DANGLING_MANAGER", number("dangling")),
        ("SELF_MANAGED", number("self_managed")),
        ("INACTIVE_MANAGER", number("inactive_managers")),
        ("ISOLATED", alone.len() as u64),
        ("MULTIPLE_ROOTS", u64::from(leading.len() > 1)),
        ("DUPLICATE_EMAIL", walked.shared_addresses() as u64),
        ("DUPLICATE_ID", expected["duplicate_ids"].as_object().unwrap().len() as u64),
    ]);
    kinds.retain(|_, count| *count > 0);
    let query =
        "{ orgHealth(maxSpan: 100000, maxDepth: 100000, first: 0) { totalCount countsByKind { kind count } }
        spans: orgHealth(kinds: EXTREME_SPAN, maxSpan: 4, first: 0) { totalCount }
        deep: orgHealth(kinds: DEEP_CHAIN, maxDepth: 1, first: 0) { totalCount }
        dangling: orgHealth(kinds: DANGLING_MANAGER, first: 1000) { nodes { people { nodes { id } } } } }";
    let data = service.client.data(query).await;
    let counts = data["orgHealth"]["countsByKind"].as_array().unwrap().iter();
    let counts: BTreeMap<_, _> =
        counts.map(|row| (row["kind"].as_str().unwrap(), row["count"].as_u64().unwrap())).collect();
    assert_eq!(counts, kinds);
    assert_eq!(data["orgHealth"]["totalCount"], kinds.values().sum::<u64>());
    if let Some(users) = expected["per_user_last_wins"].as_object() {
        let spans = users.values().filter(|row| row[2].as_u64() > Some(4)).count();
        assert_eq!(data["spans"]["totalCount"], spans);
        let deep: BTreeSet<_> = users
            .iter()
            .filter(|(_, row)| row[1].as_u64() > Some(1))
            .map(|(id, _)| walked.line(id).pop())
            .collect();
        assert_eq!(data["deep"]["totalCount"], deep.len());
    }
    let dangling = data["dangling"]["nodes"].as_array().unwrap().iter();
    let dangling: BTreeSet<_> =
        dangling.map(|issue| issue["people"]["nodes"][0]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(dangling, serde_json::from_value(last["dangling_ids"].clone()).unwrap());
}

/// The line of everybody as columns.
pub(crate) async fn columns(service: &Service, walked: &Walked) {
    let levels: String = (0..8).map(|n| format!("l{n}: level(n: {n}) {{ id }} ")).collect();
    let selection = format!("{{ id chainIds {levels} }}");
    let users = service.client.all("users", "", "nodes", &selection, 100).await;
    assert_eq!(users.len(), walked.records.len());
    for user in &users {
        let mut line = walked.line(user["id"].as_str().unwrap());
        line.reverse();
        assert_eq!(user["chainIds"], json!(line[..line.len() - 1]));
        for n in 0..8 {
            assert_eq!(user[format!("l{n}")]["id"], json!(line.get(n)), "level {n} of {line:?}");
        }
    }
}

/// How users are to each other, and the ways between them: all pairs of a small company, some of a larger one.
pub(crate) async fn pairs(service: &Service, walked: &Walked) {
    let ids = walked.ids();
    let all = ids.iter().flat_map(|from| ids.iter().map(move |to| (*from, *to)));
    let pairs: Vec<_> = all.step_by((ids.len() * ids.len()).div_ceil(150) | 1).collect();
    for pairs in pairs.chunks(10) {
        let asked = pairs.iter().enumerate().map(|(at, (from, to))| {
            let (from, to) = (json!(from), json!(to));
            format!(
                "path{at}: path(fromId: {from}, toId: {to}) {{ length stepsUp turningPoint {{ id }} nodes {{ id }} reason }}
                 relation{at}: isManagerOf(managerId: {from}, userId: {to}) {{ holds distance kind }}
                 common{at}: commonManager(userIds: [{from}, {to}]) {{ manager {{ id }} reason users {{ distance }} }} "
            )
        });
        let data = service.client.data(&format!("{{ {} }}", asked.collect::<String>())).await;
        for (at, (from, to)) in pairs.iter().enumerate() {
            let (up, down) = (walked.line(from), walked.line(to));
            assert_eq!(data[format!("path{at}")], way(&up, &down), "from {from} to {to}");
            assert_eq!(data[format!("relation{at}")], relation(&up, &down), "{from} to {to}");
            assert_eq!(data[format!("common{at}")], common(&up, &down), "above {from} and {to}");
        }
    }
}

fn place(line: &[&str], id: &str) -> Option<usize> {
    line.iter().position(|other| *other == id)
}

fn way(up: &[&str], down: &[&str]) -> Value {
    let met = up.iter().enumerate().find_map(|(at, id)| place(down, id).map(|below| (at, below)));
    match met {
        None => json!({ "length": null, "stepsUp": null, "turningPoint": null, "nodes": [],
                        "reason": "DIFFERENT_TREES" }),
        Some((steps, below)) => {
            let nodes = up[..=steps].iter().chain(down[..below].iter().rev());
            let nodes: Vec<_> = nodes.map(|id| json!({ "id": id })).collect();
            json!({ "length": steps + below, "stepsUp": steps, "turningPoint": { "id": up[steps] },
                    "nodes": nodes, "reason": null })
        }
    }
}

fn relation(manager: &[&str], user: &[&str]) -> Value {
    let (above, below) = (place(user, manager[0]), place(manager, user[0]));
    let kind = match (above, below) {
        (Some(0), _) => "SAME_USER",
        (Some(_), _) => "MANAGER",
        (_, Some(_)) => "REPORT",
        (None, None) if manager.last() == user.last() => "SAME_TREE",
        (None, None) => "DIFFERENT_TREES",
    };
    json!({ "holds": kind == "MANAGER", "distance": above.filter(|steps| *steps > 0), "kind": kind })
}

fn common(one: &[&str], other: &[&str]) -> Value {
    let found = one[1..].iter().find(|id| other[1..].contains(*id));
    let reason = match found {
        Some(_) => None,
        None if one.last() == other.last() => Some("NO_MANAGER"),
        None => Some("DIFFERENT_TREES"),
    };
    let mut lines = vec![one, other];
    lines.dedup();
    let distance = |line: &&[&str]| json!({ "distance": found.and_then(|id| place(line, id)) });
    json!({ "manager": found.map(|id| json!({ "id": id })), "reason": reason,
            "users": lines.iter().map(distance).collect::<Vec<_>>() })
}
