//! What Gong tells beside the snapshot, held against what the simulator says when it is asked directly.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use orgraph::{
    directory::DateWindow,
    org::UserId,
    simulator::{HistoryRows, Settings, SimUser, Simulator, Workspace},
};
use serde_json::{Value, json};

use crate::support::{Service, UNHURRIED, code, keyed, serve, settings, simulate};

/// People of whom the simulator has calls on any day.
pub fn people(count: usize) -> Workspace {
    Workspace::new((1..=count).map(|id| SimUser::new(id.to_string())).collect())
}

/// What the simulator at `url` answers to a body.
pub async fn asked(service: &Service, url: &str, path: &str, body: Value) -> Value {
    let request = service.client.elsewhere(&format!("{url}{path}")).basic_auth("key", Some("canary-secret"));
    let response = request.header("content-type", "application/json").body(body.to_string()).send().await;
    serde_json::from_slice(&response.unwrap().bytes().await.unwrap()).unwrap()
}

fn unlimited(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settled =
        Settings { max_in_flight: None, max_starts_per_second: None, calls_per_day: None, ..keyed() };
    change(&mut settled);
    settled
}

const ACTIVITY: &str = r#"activity(from: "2024-01-08", to: "2024-02-05")"#;

#[tokio::test]
async fn the_activity_of_250_users_is_three_calls_and_then_none() {
    let simulator = simulate(people(250));
    let url = serve(&simulator).await;
    let service = Service::start(&settings(url.clone(), UNHURRIED), "1d").await;
    service.ready().await;
    let query = format!(
        "{{ users(first: 250) {{ nodes {{ id {ACTIVITY} {{
            callsAsHost callsAttended ownCallsListenedTo hasActivity timeZone from to fetchedAt }} }} }} }}"
    );
    let data = service.client.data(&query).await;
    assert_eq!(simulator.stats().calls_by_endpoint.activity, 3);

    let nodes = data["users"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 250);
    for chunk in nodes.chunks(100) {
        let ids: Vec<_> = chunk.iter().map(|node| &node["id"]).collect();
        let filter = json!({ "fromDate": "2024-01-08", "toDate": "2024-02-05", "userIds": ids });
        let answer = asked(&service, &url, "/v2/stats/activity/aggregate", json!({ "filter": filter })).await;
        for row in answer["usersAggregateActivityStats"].as_array().unwrap() {
            let node = chunk.iter().find(|node| node["id"] == row["userId"]).unwrap();
            let (told, counters) = (&node["activity"], &row["userAggregateActivityStats"]);
            for counter in ["callsAsHost", "callsAttended", "ownCallsListenedTo"] {
                assert_eq!(told[counter], counters[counter], "{counter} of {node}");
            }
            let any = counters.as_object().unwrap().values().any(|count| *count != json!(0));
            assert_eq!(told["hasActivity"], any, "{node}");
            assert_eq!((&told["timeZone"], &told["from"]), (&answer["timeZone"], &json!("2024-01-08")));
        }
    }
    let before = simulator.stats().calls;
    assert_eq!(service.client.data(&query).await, data);
    assert_eq!(simulator.stats().calls, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_callers_for_one_users_activity_are_one_call() {
    let simulator = simulate(people(1));
    let service = Service::of(&simulator).await;
    let (from, to) = ("2024-01-08".parse().unwrap(), "2024-02-05".parse().unwrap());
    let callers = (0..1_000).map(|_| {
        let directory = service.directory.clone();
        tokio::spawn(async move {
            directory.live().activity(&UserId::new("1"), DateWindow { from, to }).await.unwrap().asked_at
        })
    });
    let callers: Vec<_> = callers.collect();
    let moments: BTreeSet<_> = join_all(callers).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(moments.len(), 1);
    let query = format!(r#"{{ user(id: "1") {{ {ACTIVITY} {{ callsAsHost }} }} }}"#);
    join_all((0..50).map(|_| service.client.data(&query))).await;
    assert_eq!(simulator.stats().calls_by_endpoint.activity, 1);
}

#[tokio::test]
async fn windows_of_their_own_are_calls_of_their_own() {
    let simulator = simulate(people(60));
    let service = Service::of(&simulator).await;
    let query = r#"{ users(first: 60) { nodes {
        january: activity(from: "2024-01-01", to: "2024-02-01") { callsAsHost }
        february: activity(from: "2024-02-01", to: "2024-03-01") { callsAsHost }
        both: activity(from: "2024-01-01", to: "2024-03-01") { callsAsHost } } } }"#;
    let data = service.client.data(query).await;
    assert_eq!(simulator.stats().calls_by_endpoint.activity, 3);
    let count = |value: &Value| value["callsAsHost"].as_u64().unwrap();
    for node in data["users"]["nodes"].as_array().unwrap() {
        assert_eq!(count(&node["both"]), count(&node["january"]) + count(&node["february"]), "{node}");
    }
}

#[tokio::test]
async fn somebody_whom_gong_has_no_statistics_of_has_none() {
    let simulator = simulate(people(2));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| users.retain(|user| user.id != "2"));
    let data =
        service.client.data(&format!("{{ users {{ nodes {{ id {ACTIVITY} {{ callsAsHost }} }} }} }}")).await;
    let [one, two] = &data["users"]["nodes"].as_array().unwrap()[..] else { panic!("{data}") };
    assert!(one["activity"]["callsAsHost"].is_u64());
    assert_eq!(two["activity"], Value::Null);
    // And if nobody of them is there any more, by Gong's own word.
    simulator.edit(Vec::clear);
    let query = r#"{ user(id: "1") { activity(from: "2025-01-08", to: "2025-01-09") { callsAsHost } } }"#;
    assert_eq!(service.client.data(query).await, json!({ "user": { "activity": null } }));
}

#[tokio::test]
async fn calls_of_long_windows_are_read_90_days_at_a_time() {
    let simulator =
        Simulator::new(people(20), unlimited(|settings| settings.max_call_window_days = Some(90)));
    let service = Service::of(&simulator).await;
    // The simulated company is two hours ahead of UTC.
    let query = r#"{ users(first: 20) { nodes { id
        activity(from: "2024-01-01", to: "2024-10-27") { callsAsHost }
        calls(from: "2023-12-31T22:00:00Z", to: "2024-10-26T22:00:00Z", first: 1000) {
            hasMore fetchedAt nodes { id started duration workspaceId isPrivate } } } } }"#;
    let data = service.client.data(query).await;
    let mut all = 0;
    for node in data["users"]["nodes"].as_array().unwrap() {
        let calls = node["calls"]["nodes"].as_array().unwrap();
        assert_eq!(node["activity"]["callsAsHost"], calls.len(), "{}", node["id"]);
        assert_eq!(node["calls"]["hasMore"], false);
        let ids: BTreeSet<_> = calls.iter().map(|call| call["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), calls.len());
        for call in calls {
            let started = call["started"].as_str().unwrap();
            assert!(("2023-12-31T22".."2024-10-26T22").contains(&started), "{call}");
        }
        all += calls.len();
    }
    // 300 days are four windows, each of which ends with a page that isn't full.
    assert!(all > 1_000);
    let made = simulator.stats().calls_by_endpoint.calls_extensive as usize;
    assert!((all.div_ceil(100)..=all / 100 + 4).contains(&made), "{made} for {all}");
}

#[tokio::test]
async fn no_more_calls_are_read_than_are_asked_for() {
    let simulator = simulate(people(40));
    let service = Service::of(&simulator).await;
    let calls = |first: usize| {
        format!(
            r#"calls(from: "2024-01-01T00:00:00Z", to: "2024-03-01T00:00:00Z", first: {first}) {{ hasMore nodes {{ id }} }}"#
        )
    };
    let data = service.client.data(&format!("{{ users {{ nodes {{ id {} }} }} }}", calls(1_000))).await;
    let everybody = data["users"]["nodes"].as_array().unwrap().clone();
    let busy = everybody.iter().find(|node| node["calls"]["nodes"].as_array().unwrap().len() > 20).unwrap();
    let before = simulator.stats().calls_by_endpoint.calls_extensive;
    let id = busy["id"].as_str().unwrap();
    let few = service.client.data(&format!("{{ user(id: {id:?}) {{ {} }} }}", calls(7))).await;
    assert_eq!(simulator.stats().calls_by_endpoint.calls_extensive - before, 1);
    assert_eq!(few["user"]["calls"]["hasMore"], true);
    let first_seven = &busy["calls"]["nodes"].as_array().unwrap()[..7];
    assert_eq!(few["user"]["calls"]["nodes"].as_array().unwrap(), first_seven);

    // Of many at once: the first of each, for less than a call each.
    let before = simulator.stats().calls_by_endpoint.calls_extensive;
    let data = service.client.data(&format!("{{ users {{ nodes {{ id {} }} }} }}", calls(3))).await;
    for (few, all) in data["users"]["nodes"].as_array().unwrap().iter().zip(&everybody) {
        let all = all["calls"]["nodes"].as_array().unwrap();
        assert_eq!(few["calls"]["nodes"].as_array().unwrap(), &all[..all.len().min(3)], "{}", few["id"]);
        assert_eq!(few["calls"]["hasMore"], all.len() > 3, "{}", few["id"]);
    }
    assert!(simulator.stats().calls_by_endpoint.calls_extensive - before < 40);
}

#[tokio::test]
async fn that_no_calls_are_found_is_an_empty_list() {
    let simulator = simulate(people(3));
    let service = Service::of(&simulator).await;
    let query = r#"{ users { nodes {
        calls(from: "1998-01-01T00:00:00Z", to: "1998-06-01T00:00:00Z") { hasMore nodes { id } } } } }"#;
    let data = service.client.data(query).await;
    let none = json!({ "calls": { "hasMore": false, "nodes": [] } });
    assert_eq!(data["users"]["nodes"], json!([none, none, none]));
    assert_eq!(simulator.stats().calls_by_endpoint.calls_extensive, 2, "two parts of the window");
}

#[tokio::test]
async fn a_cursor_that_expires_in_between_loses_no_call_and_doubles_none() {
    let simulator = simulate(people(30));
    let service = Service::of(&simulator).await;
    let query = r#"{ users { nodes { activity(from: "2024-01-01", to: "2024-03-01") { callsAsHost }
        calls(from: "2023-12-31T22:00:00Z", to: "2024-02-29T22:00:00Z", first: 500) { nodes { id } } } } }"#;
    let fault = "cursor-expired@endpoint=/v2/calls/extensive,call=3,times=1".parse().unwrap();
    simulator.faults().set([fault]).unwrap();
    let data = service.client.data(query).await;
    for node in data["users"]["nodes"].as_array().unwrap() {
        assert_eq!(node["activity"]["callsAsHost"], node["calls"]["nodes"].as_array().unwrap().len());
    }
    assert_eq!(simulator.faults().active()[0].struck, 1);
}

#[tokio::test]
async fn the_history_of_settings_leads_to_the_settings() {
    for history_rows in [HistoryRows::Reference, HistoryRows::ThirdParty] {
        let simulator = Simulator::new(
            Workspace::generate(12, 5),
            unlimited(|settings| settings.history_rows = history_rows),
        );
        let service = Service::of(&simulator).await;
        let data = service
            .client
            .data(
                "{ users { nodes { id
                    settings { webConferencesRecorded emailsImported gongConnectEnabled telephonyCallsImported }
                    settingsHistory { totalCount fetchedAt changes { setting value previousValue time changedByUserId } } } } }",
            )
            .await;
        let nodes = data["users"]["nodes"].as_array().unwrap();
        for node in nodes {
            let changes = node["settingsHistory"]["changes"].as_array().unwrap();
            assert_eq!(node["settingsHistory"]["totalCount"], changes.len());
            assert!(changes.is_sorted_by(|one, two| one["time"].as_str() >= two["time"].as_str()));
            for (setting, value) in node["settings"].as_object().unwrap() {
                let latest = changes.iter().find(|change| change["setting"] == **setting).unwrap();
                assert_eq!(latest["value"], *value, "{setting} of {}", node["id"]);
                let by = if history_rows == HistoryRows::Reference { &Value::Null } else { &node["id"] };
                assert_eq!(latest["changedByUserId"], *by);
            }
        }
        assert_eq!(simulator.stats().calls_by_endpoint.settings_history, nodes.len() as u64);
    }
}

#[tokio::test]
async fn histories_are_not_fanned_out_over_a_company() {
    let simulator = simulate(people(30));
    let service = Service::of(&simulator).await;
    let answer =
        service.client.ask("{ users { nodes { id settingsHistory(first: 1) { totalCount } } } }").await;
    let nodes = answer["data"]["users"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.iter().filter(|node| node["settingsHistory"].is_object()).count(), 20);
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    assert_eq!(simulator.stats().calls_by_endpoint.settings_history, 20);
    // Whom Gong doesn't know any more has none.
    simulator.edit(|users| users.retain(|user| user.id != "29"));
    let data = service.client.data(r#"{ user(id: "29") { settingsHistory { totalCount } } }"#).await;
    assert_eq!(data, json!({ "user": { "settingsHistory": null } }));
}

#[tokio::test]
async fn scorecards_and_workspaces_are_asked_for_once() {
    let simulator = simulate(people(1));
    let service = Service::of(&simulator).await;
    let query = "{ scorecards { totalCount fetchedAt nodes { id name workspaceId enabled
        updaterUserId created questions { questionId questionText isOverall minRange maxRange } } }
        workspaces { totalCount fetchedAt nodes { id name description } } }";
    let data = service.client.data(query).await;
    assert_eq!(service.client.data(query).await, data);
    let stats = simulator.stats().calls_by_endpoint;
    assert_eq!((stats.scorecards, stats.workspaces), (1, 1));
    assert_eq!(
        (&data["scorecards"]["totalCount"], &data["workspaces"]["totalCount"]),
        (&json!(3), &json!(1))
    );
    let workspace = &data["workspaces"]["nodes"][0];
    assert_eq!(workspace["name"], "Simulated workspace");
    for card in data["scorecards"]["nodes"].as_array().unwrap() {
        assert_eq!(card["workspaceId"], workspace["id"]);
        assert_eq!(card["updaterUserId"], "1");
        let overall = card["questions"].as_array().unwrap().last().unwrap();
        assert_eq!((&overall["isOverall"], &overall["maxRange"]), (&json!(true), &json!("5")));
    }
    let data = service.client.data("{ scorecards(first: 1) { totalCount nodes { enabled } } }").await;
    assert_eq!(data, json!({ "scorecards": { "totalCount": 3, "nodes": [{ "enabled": true }] } }));
}

#[tokio::test]
async fn gongs_list_of_reports_agrees_with_ours_until_somebody_moves() {
    let under =
        |id: &str, manager: &str| SimUser { manager_id: Some(manager.to_owned()), ..SimUser::new(id) };
    let left = SimUser { active: false, ..under("4", "1") };
    let company = vec![SimUser::new("1"), under("2", "1"), under("3", "1"), left, under("5", "2")];
    let simulator = simulate(Workspace::new(company));
    let service = Service::of(&simulator).await;
    let query = |more: &str| {
        format!(
            r#"{{ coachingReports(managerId: "1"{more}) {{ manager {{ id }} workspaceId agreement reportCount
                reports {{ id user {{ id }} callsListenedTo callsManagerAttended callsWithFeedback }}
                onlyThereCount onlyThere {{ id user {{ managerId }} }} onlyHere {{ totalCount nodes {{ id }} }}
                from to fetchedAt }} }}"#
        )
    };
    let data = service.client.data(&query("")).await;
    let told = &data["coachingReports"];
    assert_eq!((&told["agreement"], &told["reportCount"]), (&json!("AGREES"), &json!(3)));
    assert_eq!(
        told["reports"].as_array().unwrap().iter().map(|report| &report["id"]).collect::<Vec<_>>(),
        ["2", "3", "4"]
    );
    assert!(told["reports"][0]["callsListenedTo"].is_u64());
    assert_eq!((&told["onlyThere"], &told["onlyHere"]["totalCount"]), (&json!([]), &json!(0)));
    let stats = simulator.stats().calls_by_endpoint;
    assert_eq!((stats.coaching, stats.workspaces), (1, 1));
    assert_eq!(service.client.data(&query("")).await, data, "it is remembered");

    simulator.edit(|users| {
        users[1].manager_id = Some("3".to_owned());
        users[4].manager_id = Some("1".to_owned());
        users.push(under("6", "1"));
    });
    let window = format!(
        r#", workspaceId: {}, from: "2024-01-01T00:00:00Z", to: "2024-02-01T00:00:00Z""#,
        told["workspaceId"]
    );
    let data = service.client.data(&query(&window)).await;
    let told = &data["coachingReports"];
    assert_eq!(told["agreement"], "DIFFERS");
    assert_eq!(told["onlyThereCount"], 2);
    assert_eq!(
        told["onlyThere"],
        json!([{ "id": "5", "user": { "managerId": "2" } }, { "id": "6", "user": null }])
    );
    assert_eq!(told["onlyHere"], json!({ "totalCount": 1, "nodes": [{ "id": "2" }] }));
    assert_eq!(
        (&told["from"], &told["to"]),
        (&json!("2024-01-01T00:00:00Z"), &json!("2024-02-01T00:00:00Z"))
    );

    let data = service.client.data(r#"{ coachingReports(managerId: "404") { agreement } }"#).await;
    assert_eq!(data, json!({ "coachingReports": null }));
}
