//! Calls, activity, coaching and the like: their shapes, and that they fit together.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::json;

use super::{super::HistoryRows, *};

const NO_CALLS: (u16, &str) = (404, "No calls found corresponding to the provided filters");
const WEEK: &str = "fromDateTime=2024-03-03T22:00:00Z&toDateTime=2024-03-10T22:00:00Z";

/// A company of pages of 100.
async fn company() -> Served {
    Served::start(Workspace::generate(120, 7), Settings { page_size: 100, ..generous() }).await
}

async fn post(served: &Served, path: &str, body: Value) -> Answer {
    Answer::read(served.request(Method::POST, path).body(body.to_string())).await
}

/// All rows of a listing by `GET`.
async fn all(served: &Served, path: &str, list: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = served.get(&format!("{path}&cursor={cursor}")).await;
        rows.extend(page.body[list].as_array().unwrap().iter().cloned());
        match page.body["records"]["cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => {
                assert_eq!(page.body["records"]["totalRecords"], rows.len());
                return rows;
            }
        }
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

#[tokio::test]
async fn calls_are_those_of_active_people_in_the_window() {
    let served = company().await;
    let calls = all(&served, &format!("/v2/calls?{WEEK}"), "calls").await;
    let active: BTreeSet<String> = served
        .simulator
        .edit(|people| people.iter().filter(|user| user.active).map(|user| user.id.clone()).collect());
    assert!(calls.len() > 100, "more than a page");
    assert_eq!(calls.iter().map(|call| text(call, "id")).collect::<BTreeSet<_>>().len(), calls.len());
    for call in &calls {
        assert!(active.contains(text(call, "primaryUserId")));
        let started = text(call, "started");
        assert!(("2024-03-04".."2024-03-11").contains(&started) && started.ends_with("+02:00"), "{started}");
        assert!(call.get("sdrDisposition").is_none());
        assert!(call.as_object().unwrap().values().all(|value| !value.is_null()));
    }
    let again = all(&served, &format!("/v2/calls?{WEEK}"), "calls").await;
    assert_eq!(calls, again);
    let workspace = text(&calls[0], "workspaceId");
    let there = served.get(&format!("/v2/calls?{WEEK}&workspaceId={workspace}")).await;
    assert_eq!(there.body["records"]["totalRecords"], calls.len());
    assert_eq!(served.get(&format!("/v2/calls?{WEEK}&workspaceId=5")).await.error(), NO_CALLS);
}

#[tokio::test]
async fn windows_that_touch_share_no_call_and_lose_none() {
    let served = company().await;
    let window = |from: &str, to: &str| format!("/v2/calls?fromDateTime={from}&toDateTime={to}");
    let times =
        ["2024-03-04T00:00:00Z", "2024-03-05T09:35:00Z", "2024-03-05T11:10:00Z", "2024-03-08T00:00:00Z"];
    let whole = all(&served, &window(times[0], times[3]), "calls").await;
    let mut parts = Vec::new();
    for pair in times.windows(2) {
        parts.extend(all(&served, &window(pair[0], pair[1]), "calls").await);
    }
    let ids = |calls: &[Value]| calls.iter().map(|call| text(call, "id").to_owned()).collect::<BTreeSet<_>>();
    assert_eq!((parts.len(), ids(&parts)), (whole.len(), ids(&whole)));
}

#[tokio::test]
async fn a_window_of_ages_is_answered() {
    let served = company().await;
    let ages = "fromDateTime=-009999-01-03T00:00:00Z&toDateTime=9999-12-30T21:59:59Z";
    let total = served.get(&format!("/v2/calls?{ages}")).await.body["records"]["totalRecords"].as_u64();
    assert!(total > Some(100_000), "{total:?}");
    let before = "fromDateTime=1980-01-01T00:00:00Z&toDateTime=1999-12-31T00:00:00Z";
    assert_eq!(served.get(&format!("/v2/calls?{before}")).await.error(), NO_CALLS);
}

#[tokio::test]
async fn extensive_calls_are_the_same_calls() {
    let served = company().await;
    let calls = all(&served, &format!("/v2/calls?{WEEK}"), "calls").await;
    let host = text(&calls[0], "primaryUserId");
    let window = json!({"fromDateTime": "2024-03-03T22:00:00Z", "toDateTime": "2024-03-10T22:00:00Z"});
    let mut filter = window.clone();
    filter["primaryUserIds"] = json!([host, "5"]);
    let body = json!({"filter": filter, "contentSelector": {"exposedFields": {"parties": true}}});
    let answer = post(&served, "/v2/calls/extensive", body).await;
    let given: Vec<_> = answer.body["calls"].as_array().unwrap().iter().collect();
    let expected: Vec<_> = calls.iter().filter(|call| text(call, "primaryUserId") == host).collect();
    assert_eq!(given.iter().map(|call| &call["metaData"]).collect::<Vec<_>>(), expected);
    let parties = given[0]["parties"].as_array().unwrap();
    assert_eq!(text(&parties[0], "userId"), host);
    assert_eq!(text(parties.last().unwrap(), "affiliation"), "External");

    let plain = post(&served, "/v2/calls/extensive", json!({"filter": window})).await;
    assert_eq!(plain.body["calls"][0].as_object().unwrap().len(), 1);
    assert_eq!(plain.body["records"]["totalRecords"], calls.len());
    filter["callIds"] = json!(["5"]);
    assert_eq!(post(&served, "/v2/calls/extensive", json!({"filter": filter})).await.status, 400);
    filter["callIds"] = json!([]);
    filter["primaryUserIds"] = json!(["5"]);
    assert_eq!(post(&served, "/v2/calls/extensive", json!({"filter": filter})).await.error(), NO_CALLS);
}

#[tokio::test]
async fn windows_are_checked() {
    let settings = Settings { max_call_window_days: Some(90), ..generous() };
    let served = Served::start(people(&["1"]), settings).await;
    for query in [
        "",
        "fromDateTime=2024-03-04T00:00:00Z",
        "toDateTime=2024-03-04T00:00:00Z",
        "fromDateTime=2024-03-04T00:00:00Z&toDateTime=noon",
        "fromDateTime=2024-03-04T00:00:00Z&toDateTime=2024-03-04T00:00:00Z",
        "fromDateTime=2024-01-01T00:00:00Z&toDateTime=2024-04-01T00:00:00Z",
    ] {
        assert_eq!(served.get(&format!("/v2/calls?{query}")).await.status, 400, "{query}");
    }
    for filter in [
        json!({}),
        json!({"fromDate": "2024-03-04"}),
        json!({"fromDate": "2024-03-04", "toDate": "2024-03-04"}),
        json!({"fromDate": "2024-03-04T00:00:00Z", "toDate": "2024-03-05"}),
    ] {
        let answer = post(&served, "/v2/stats/activity/aggregate", json!({"filter": filter})).await;
        assert_eq!(answer.status, 400, "{filter}");
    }
    let forever = json!({"fromDate": "0000-01-01", "toDate": "9999-12-31"});
    let ages = post(&served, "/v2/stats/activity/aggregate", json!({"filter": forever})).await;
    assert_eq!(ages.body["fromDateTime"], "0000-01-01T00:00:00+02:00");
    let longest = "fromDateTime=2024-01-01T00:00:00Z&toDateTime=2024-03-31T00:00:00Z";
    assert_ne!(served.get(&format!("/v2/calls?{longest}")).await.status, 400);
}

/// What one manager did is what the team got; what hosts did is in the list of calls.
#[tokio::test]
async fn activity_coaching_and_calls_agree() {
    let served = company().await;
    let mut activity = BTreeMap::new();
    let mut body = json!({"filter": {"fromDate": "2024-03-04", "toDate": "2024-03-11"}});
    loop {
        let page = post(&served, "/v2/stats/activity/aggregate", body.clone()).await;
        assert_eq!(page.body["timeZone"], "Etc/GMT-2");
        assert_eq!(page.body["fromDateTime"], "2024-03-04T00:00:00+02:00");
        assert_eq!(page.body["toDateTime"], "2024-03-11T00:00:00+02:00");
        for row in page.body["usersAggregateActivityStats"].as_array().unwrap() {
            assert_eq!(row["userAggregateActivityStats"].as_object().unwrap().len(), 15);
            activity.insert(text(row, "userId").to_owned(), row["userAggregateActivityStats"].clone());
        }
        match page.body["records"]["cursor"].as_str() {
            Some(cursor) => body["cursor"] = cursor.into(),
            None => break,
        }
    }
    assert_eq!(activity.len(), 120);
    let counted = |id: &str, counter: &str| activity[id][counter].as_u64().unwrap();

    let mut hosted = BTreeMap::<_, u64>::new();
    for call in all(&served, &format!("/v2/calls?{WEEK}"), "calls").await {
        *hosted.entry(text(&call, "primaryUserId").to_owned()).or_default() += 1;
    }
    assert!(activity.keys().all(|id| counted(id, "callsAsHost") == hosted.get(id).copied().unwrap_or(0)));

    let people = served.simulator.edit(|people| people.clone());
    let manager = people.iter().find(|user| {
        user.active
            && user.manager_id.is_none()
            && people.iter().any(|one| one.manager_id.as_ref() == Some(&user.id))
    });
    let manager = manager.unwrap();
    let path =
        format!("/v2/coaching?manager-id={}&from=2024-03-03T22:00:00Z&to=2024-03-10T22:00:00Z", manager.id);
    let coaching = served.get(&path).await.body["coachingData"][0].clone();
    assert_eq!(text(&coaching["manager"], "id"), manager.id);
    let reports = coaching["directReportsMetrics"].as_array().unwrap();
    let named = people.iter().filter(|user| user.manager_id.as_ref() == Some(&manager.id));
    assert_eq!(
        reports.iter().map(|report| text(&report["report"], "id")).collect::<BTreeSet<_>>(),
        named.map(|user| user.id.as_str()).collect()
    );
    for (metric, given, received) in [
        ("callsWithFeedback", "callsGaveFeedback", Some("callsReceivedFeedback")),
        ("callsWithScorecardFilled", "callsScorecardsFilled", Some("callsScorecardsReceived")),
        ("callsManagerCommentedOn", "callsCommentsGiven", Some("callsCommentsReceived")),
        ("callsListenedTo", "othersCallsListenedTo", None),
    ] {
        let of = |report: &Value| report["metrics"][metric].as_array().unwrap().len() as u64;
        let sum: u64 = reports.iter().map(of).sum();
        assert_eq!(sum, counted(&manager.id, given), "{metric}");
        for report in reports {
            let id = text(&report["report"], "id");
            assert!(received.is_none_or(|received| counted(id, received) == of(report)), "{metric} {id}");
        }
    }
    let attended: usize = reports
        .iter()
        .map(|report| report["metrics"]["callsManagerAttended"].as_array().unwrap().len())
        .sum();
    let hosted = counted(&manager.id, "callsAsHost");
    assert_eq!(counted(&manager.id, "callsAttended"), hosted + attended as u64);
}

#[tokio::test]
async fn coaching_names_what_it_misses() {
    let served = Served::start(people(&["1"]), generous()).await;
    let window = "from=2024-03-03T22:00:00Z&to=2024-03-10T22:00:00Z";
    assert_eq!(served.get(&format!("/v2/coaching?{window}")).await.error(), (400, "manager-id is required"));
    assert_eq!(served.get("/v2/coaching?manager-id=1").await.error(), (400, "from is required"));
    assert_eq!(served.get(&format!("/v2/coaching?manager-id=9&{window}")).await.status, 404);
    assert_eq!(served.get(&format!("/v2/coaching?manager-id=1&workspace-id=9&{window}")).await.status, 400);
    let nobody = served.get(&format!("/v2/coaching?manager-id=1&{window}")).await;
    assert_eq!(nobody.body["coachingData"], json!([{"manager": {"id": "1"}, "directReportsMetrics": []}]));
}

#[tokio::test]
async fn a_history_ends_with_what_is() {
    let served = company().await;
    let user = served.simulator.edit(|people| people[3].clone());
    let path = format!("/v2/users/{}/settings-history", user.id);
    let history = served.get(&path).await;
    assert_eq!(history.header("x-traceid"), history.body["requestId"].as_str());
    let rows = history.body["userSettingsHistory"].as_array().unwrap();
    let mut last = BTreeMap::new();
    for row in rows {
        assert_eq!(row.as_object().unwrap().len(), 3);
        last.insert(text(row, "setting"), row["value"].clone());
    }
    assert_eq!(serde_json::to_value(&last).unwrap(), serde_json::to_value(user.settings).unwrap());
    let time = |row: &Value| text(row, "time").parse::<jiff::Timestamp>().unwrap();
    assert!(rows.windows(2).all(|pair| time(&pair[0]) <= time(&pair[1])));
    assert_eq!(time(&rows[0]), user.created.unwrap().parse().unwrap());
    assert_eq!(served.get("/v2/users/5/settings-history").await.error(), (404, "no user has this id"));
}

#[tokio::test]
async fn a_history_may_look_as_a_third_party_says() {
    let settings = Settings { history_rows: HistoryRows::ThirdParty, ..generous() };
    let served = Served::start(people(&["1"]), settings).await;
    let history = served.get("/v2/users/1/settings-history").await;
    let row = &history.body["userSettingsHistory"][0];
    let keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["changedAt", "changedBy", "newValue", "settingName", "userId"]);
}

#[tokio::test]
async fn scorecards_and_workspaces_have_no_pages() {
    let served = company().await;
    let workspaces = served.get("/v2/workspaces").await;
    let workspace = text(&workspaces.body["workspaces"][0], "id");
    let scorecards = served.get("/v2/settings/scorecards").await;
    for answer in [&workspaces, &scorecards] {
        assert!(answer.body.get("records").is_none());
        assert_eq!(answer.header("x-traceid"), answer.body["requestId"].as_str());
    }
    for scorecard in scorecards.body["scorecards"].as_array().unwrap() {
        assert_eq!(text(scorecard, "workspaceId"), workspace);
        assert_eq!(text(&scorecard["questions"][0], "minRange"), "1");
    }
}
