//! Every table against what GraphQL answers.

use std::fmt::Write;

use orgraph::simulator::Workspace;
use serde_json::{Value, json};

use super::{Row, rows};
use crate::{
    roles::people::tangled,
    support::{Service, example, shipped_company},
};

fn row(pairs: &[(&str, &Value)]) -> Row {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).clone())).collect()
}

const LEVELS: usize = 6;

async fn users(service: &Service) {
    let mut levels = String::new();
    for level in 0..=LEVELS {
        let _ = write!(levels, " l{level}: level(n: {level}) {{ id name }}");
    }
    let selection = format!(
        "{{ id emailAddress firstName lastName name title active kind created managerId managerStatus depth underOrphan
            orphanReason emailAliases fetchedAt
            manager {{ emailAddress name }} managerChain {{ end }}
            reportCount all: reportCount(transitive: true)
            spokenLanguages {{ language primary }}
            settings {{ webConferencesRecorded preventWebConferenceRecording telephonyCallsImported emailsImported
                preventEmailImport nonRecordedMeetingsImported gongConnectEnabled }}{levels} }}"
    );
    let told =
        service.client.all("users", "filter: { kind: [PERSON, AVATAR] }", "nodes", &selection, 500).await;
    let mut expected: Vec<(Row, Value)> = told
        .iter()
        .map(|user| {
            let aliases: Vec<&str> = user["emailAliases"]
                .as_array()
                .unwrap()
                .iter()
                .map(|alias| alias.as_str().unwrap())
                .collect();
            let aliases = Some(aliases.join(" ")).filter(|aliases| !aliases.is_empty());
            let spoken = user["spokenLanguages"].as_array().unwrap();
            let primary = spoken.iter().find(|spoken| spoken["primary"] == true);
            let settings = &user["settings"];
            let mut expected = row(&[
                ("id", &user["id"]),
                ("email", &user["emailAddress"]),
                ("first_name", &user["firstName"]),
                ("last_name", &user["lastName"]),
                ("name", &user["name"]),
                ("title", &user["title"]),
                ("active", &user["active"]),
                ("kind", &user["kind"]),
                ("created", &user["created"]),
                ("manager_id", &user["managerId"]),
                ("manager_status", &user["managerStatus"]),
                ("manager_email", &user["manager"]["emailAddress"]),
                ("manager_name", &user["manager"]["name"]),
                ("depth", &user["depth"]),
                ("line_end", &user["managerChain"]["end"]),
                ("direct_report_count", &user["reportCount"]),
                ("transitive_report_count", &user["all"]),
                ("orphan_reason", &user["orphanReason"]),
                ("under_orphan", &user["underOrphan"]),
                ("email_aliases", &json!(aliases)),
                ("primary_language", &json!(primary.map(|spoken| spoken["language"].clone()))),
                ("web_conferences_recorded", &settings["webConferencesRecorded"]),
                ("prevent_web_conference_recording", &settings["preventWebConferenceRecording"]),
                ("telephony_calls_imported", &settings["telephonyCallsImported"]),
                ("emails_imported", &settings["emailsImported"]),
                ("prevent_email_import", &settings["preventEmailImport"]),
                ("non_recorded_meetings_imported", &settings["nonRecordedMeetingsImported"]),
                ("gong_connect_enabled", &settings["gongConnectEnabled"]),
                ("fetched_at", &user["fetchedAt"]),
            ]);
            for level in 1..=LEVELS {
                let at = &user[format!("l{level}")];
                expected.insert(format!("level_{level}_id"), at["id"].clone());
                expected.insert(format!("level_{level}_name"), at["name"].clone());
            }
            (expected, user.clone())
        })
        .collect();
    let mut exported = rows(&service.client, "users", &format!("levels={LEVELS}")).await;
    in_order_of_the_tree(&exported);
    exported.sort_by_key(|row| text(&row["id"]));
    expected.sort_by_key(|(row, _)| text(&row["id"]));
    assert_eq!(exported.len(), expected.len());
    for (mut row, (expected, user)) in exported.into_iter().zip(expected) {
        // The top of a ring has no level; the smallest id of those who are there is held by `org_tree`.
        let (id, name) = (row.remove("top_id").unwrap(), row.remove("top_name").unwrap());
        if user["managerChain"]["end"] != "CYCLE" {
            assert_eq!((&id, &name), (&user["l0"]["id"], &user["l0"]["name"]));
        }
        assert_eq!(row, expected);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A manager stands before those below, but for rings.
fn in_order_of_the_tree(rows: &[Row]) {
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        if row["line_end"] != "CYCLE" && row["depth"] != 0 {
            assert!(seen.contains(&text(&row["manager_id"])), "{row:?}");
        }
        assert!(seen.insert(text(&row["id"])));
    }
}

async fn reporting_lines(service: &Service, arguments: &str, query: &str) {
    let selection = "{ ancestorId descendantId distance ancestor { name } descendant { name } }";
    let told = service.client.all("reportingLines", arguments, "nodes", selection, 1_000).await;
    let expected: Vec<Row> = told
        .iter()
        .map(|line| {
            row(&[
                ("ancestor_id", &line["ancestorId"]),
                ("descendant_id", &line["descendantId"]),
                ("distance", &line["distance"]),
                ("ancestor_name", &line["ancestor"]["name"]),
                ("descendant_name", &line["descendant"]["name"]),
            ])
        })
        .collect();
    assert_eq!(rows(&service.client, "reporting_lines", query).await, expected, "{query}");
}

async fn orphans(service: &Service, filter: &str, query: &str) {
    let selection = "{ reason node { id emailAddress name title active managerId managerStatus reportCount(transitive: true) } }";
    let told = service.client.all("orphans", filter, "edges", selection, 1_000).await;
    let mut expected: Vec<Row> = told
        .iter()
        .map(|edge| {
            let user = &edge["node"];
            row(&[
                ("id", &user["id"]),
                ("reason", &edge["reason"]),
                ("email", &user["emailAddress"]),
                ("name", &user["name"]),
                ("title", &user["title"]),
                ("active", &user["active"]),
                ("manager_id", &user["managerId"]),
                ("manager_status", &user["managerStatus"]),
                ("transitive_report_count", &user["reportCount"]),
            ])
        })
        .collect();
    let mut exported = rows(&service.client, "orphans", query).await;
    let by_id = |row: &Row| row["id"].as_str().unwrap().to_owned();
    exported.sort_by_key(by_id);
    expected.sort_by_key(by_id);
    assert_eq!(exported, expected, "{query}");
}

async fn org_issues(service: &Service) {
    let data = service
        .client
        .data(
            "{ orgHealth(first: 100) { totalCount nodes { id kind severity belowCount emailAddress advice
                people(first: 300) { totalCount nodes { id name active } } } } }",
        )
        .await;
    let issues = data["orgHealth"]["nodes"].as_array().unwrap();
    assert_eq!(data["orgHealth"]["totalCount"], issues.len());
    let mut expected = Vec::new();
    for issue in issues {
        for (at, user) in issue["people"]["nodes"].as_array().unwrap().iter().enumerate() {
            expected.push(row(&[
                ("issue_id", &issue["id"]),
                ("kind", &issue["kind"]),
                ("severity", &issue["severity"]),
                ("people_count", &issue["people"]["totalCount"]),
                ("below_count", &issue["belowCount"]),
                ("position", &json!(at + 1)),
                ("user_id", &user["id"]),
                ("user_name", &user["name"]),
                ("user_active", &user["active"]),
                ("email_address", &issue["emailAddress"]),
                ("advice", &issue["advice"]),
            ]));
        }
    }
    assert_eq!(rows(&service.client, "org_issues", "").await, expected);
}

const FIGURES: &str =
    "headcount activeCount managerCount individualContributorCount span { min max mean median }";

fn figures(of: &Value) -> Vec<(&'static str, Value)> {
    let float = |value: &Value| json!(value.as_f64());
    vec![
        ("headcount", of["headcount"].clone()),
        ("active_count", of["activeCount"].clone()),
        ("manager_count", of["managerCount"].clone()),
        ("individual_contributor_count", of["individualContributorCount"].clone()),
        ("span_min", of["span"]["min"].clone()),
        ("span_max", of["span"]["max"].clone()),
        ("span_mean", float(&of["span"]["mean"])),
        ("span_median", float(&of["span"]["median"])),
    ]
}

async fn org_stats(service: &Service, filter: &str, query: &str) {
    let all = service.client.data(&format!("{{ orgStats(filter: {{ {filter} }}) {{ {FIGURES} }} }}")).await;
    let mut expected = Vec::new();
    let mut add = |by: &str, key: &Value, label: &Value, user: &Value, of: &Value| {
        let by = json!(by);
        let mut told = row(&[("grouped_by", &by), ("key", key), ("label", label), ("user_id", user)]);
        told.extend(figures(of).into_iter().map(|(name, value)| (name.to_owned(), value)));
        expected.push(told);
    };
    add("ALL", &Value::Null, &Value::Null, &Value::Null, &all["orgStats"]);
    for by in ["DEPTH", "TITLE", "EMAIL_DOMAIN", "TOP", "MANAGER"] {
        let query = format!(
            "{{ orgStats(filter: {{ {filter} }}, groupBy: {by}) {{ groups(first: 1000) {{ nodes {{ key label user {{ id }} {FIGURES} }} }} }} }}"
        );
        let data = service.client.data(&query).await;
        for group in data["orgStats"]["groups"]["nodes"].as_array().unwrap() {
            add(by, &group["key"], &group["label"], &group["user"]["id"], group);
        }
    }
    let mut exported = rows(&service.client, "org_stats", query).await;
    for row in &mut exported {
        // A whole mean is written without a fraction.
        for name in ["span_mean", "span_median"] {
            row.entry(name.to_owned()).and_modify(|value| *value = json!(value.as_f64()));
        }
    }
    assert_eq!(exported, expected, "{query}");
}

async fn every_table(service: &Service) {
    users(service).await;
    reporting_lines(service, "", "").await;
    orphans(service, "", "").await;
    orphans(service, "filter: { active: true }", "active=true").await;
    orphans(service, "filter: { active: false }", "active=false").await;
    org_issues(service).await;
    org_stats(service, "", "").await;
    org_stats(service, "active: true", "active=true").await;
    // Below those who have most below them, and below those in rings.
    let order = "orderBy: { field: TRANSITIVE_REPORT_COUNT, direction: DESC }";
    let users = service.client.all("users", order, "nodes", "{ id managerChain { end } }", 1_000).await;
    let (rings, others): (Vec<_>, Vec<_>) =
        users.iter().partition(|user| user["managerChain"]["end"] == "CYCLE");
    for user in others.iter().take(3).chain(rings.iter().take(2)) {
        let id = user["id"].as_str().unwrap();
        let below = format!("under: \"{id}\"");
        reporting_lines(service, &below, &format!("under={id}")).await;
        orphans(service, &format!("filter: {{ {below} }}"), &format!("under={id}")).await;
        org_stats(service, &below, &format!("under={id}")).await;
        let ids =
            |rows: &[Row], name: &str| -> Vec<Value> { rows.iter().map(|row| row[name].clone()).collect() };
        let told = service
            .client
            .all(
                "users",
                &format!("filter: {{ {below}, kind: [PERSON, AVATAR] }}"),
                "nodes",
                "{ id l1: level(n: 1) { id } }",
                500,
            )
            .await;
        let exported = rows(&service.client, "users", &format!("under={id}&columns=id,level_1_id")).await;
        let by_id = |pairs: Vec<(Value, Value)>| {
            pairs
                .into_iter()
                .map(|(id, level)| (text(&id), level))
                .collect::<std::collections::BTreeMap<_, _>>()
        };
        let levels = by_id(ids(&exported, "id").into_iter().zip(ids(&exported, "level_1_id")).collect());
        let expected =
            by_id(told.iter().map(|user| (user["id"].clone(), user["l1"]["id"].clone())).collect());
        assert_eq!(levels, expected, "{id}");
    }
}

#[tokio::test]
async fn tables_say_what_the_schema_says_of_the_example() {
    every_table(&example::service().await).await;
}

#[tokio::test]
async fn tables_say_what_the_schema_says_of_a_real_company() {
    every_table(&Service::over(shipped_company()).await).await;
}

#[tokio::test]
async fn tables_say_what_the_schema_says_of_random_companies() {
    for seed in 0..6 {
        let people = tangled(40 + 20 * seed as usize, &mut fastrand::Rng::with_seed(seed));
        every_table(&Service::over(Workspace::new(people)).await).await;
    }
}
