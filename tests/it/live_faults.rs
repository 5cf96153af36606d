//! Gong says no: each field that needs it fails alone, and nothing is asked that isn't worth it.

use orgraph::{
    gong::{Credentials, Limits, OAuthClient},
    simulator::{OauthSettings, SCOPES, SimUser, Simulator, Workspace},
};
use serde_json::{Value, json};

use crate::{
    live::people,
    support::{Service, UNHURRIED, code, keyed, refusal, serve, settings, simulate},
};

/// A field, where it is in the answer, the path at Gong, and the scope.
const FIELDS: [(&str, &str, &str, &str); 7] = [
    (
        r#"user(id: "1") { id activity(from: "2024-01-08", to: "2024-02-05") { callsAsHost } }"#,
        "/user/activity",
        "/v2/stats/activity/aggregate",
        "api:stats:user-actions",
    ),
    (
        r#"user(id: "1") { id calls(from: "2024-01-08T00:00:00Z", to: "2024-02-05T00:00:00Z") { hasMore } }"#,
        "/user/calls",
        "/v2/calls/extensive",
        "api:calls:read:extensive",
    ),
    (
        r#"user(id: "1") { id settingsHistory { totalCount } }"#,
        "/user/settingsHistory",
        "/v2/users/1/settings-history",
        "api:users:read",
    ),
    ("scorecards { totalCount }", "/scorecards", "/v2/settings/scorecards", "api:settings:scorecards:read"),
    ("workspaces { totalCount }", "/workspaces", "/v2/workspaces", "api:workspaces:read"),
    (
        r#"coachingReports(managerId: "1", workspaceId: "5") { agreement }"#,
        "/coachingReports",
        "/v2/coaching",
        "api:coaching:read",
    ),
    (
        "seatAudit { peopleCount people { totalCount } }",
        "/seatAudit/people",
        "/v2/stats/activity/aggregate",
        "api:stats:user-actions",
    ),
];

/// Faults of Gong's, and whether its words have an id.
const FAULTS: [(&str, bool); 13] = [
    ("throttled-with-retry-after=7200", true),
    ("throttled-ten-years", true),
    ("server-error-500", true),
    ("502-html", false),
    ("unauthorized", true),
    ("missing-scope", true),
    ("forbidden-403", true),
    ("not-found-404", false),
    ("errors-as-objects", true),
    ("reset-at-once", false),
    ("truncated-json", false),
    ("html-with-200", false),
    ("empty-200", false),
];

async fn impatient(simulator: &Simulator) -> Service {
    let mut gong = settings(serve(simulator).await, UNHURRIED);
    gong.retry.max_tries = 1;
    let service = Service::start(&gong, "1d").await;
    service.ready().await;
    service
}

#[tokio::test]
async fn each_fault_lands_on_its_field_and_nothing_else() {
    for (fault, has_id) in FAULTS {
        for (field, place, path, scope) in FIELDS {
            let simulator = simulate(people(3));
            let service = impatient(&simulator).await;
            simulator.faults().set([format!("{fault}@endpoint={path}").parse().unwrap()]).unwrap();
            let answer = service.client.ask(&format!("{{ {field} users {{ nodes {{ id }} }} }}")).await;
            let told = format!("{fault} at {place}: {answer}");
            assert_eq!(answer["data"].pointer(place), Some(&Value::Null), "{told}");
            assert_eq!(
                answer["data"]["users"]["nodes"],
                json!([{ "id": "1" }, { "id": "2" }, { "id": "3" }])
            );
            if place.starts_with("/user/") {
                assert_eq!(answer["data"]["user"]["id"], "1", "{told}");
            }
            let [error] = &answer["errors"].as_array().unwrap()[..] else { panic!("{told}") };
            assert_eq!(error["extensions"]["code"], "UPSTREAM_UNAVAILABLE", "{told}");
            let at: String = error["path"]
                .as_array()
                .unwrap()
                .iter()
                .map(|step| format!("/{}", step.as_str().unwrap()))
                .collect();
            assert_eq!(at, place, "{told}");
            if has_id {
                assert!(error["extensions"]["gongRequestId"].is_string(), "{told}");
            }
            if ["unauthorized", "missing-scope", "forbidden-403"].contains(&fault) {
                assert!(error["message"].as_str().unwrap().contains(scope), "{told}");
                // What the credentials may changes by hand only: Gong is not asked again at once.
                let before = simulator.stats().calls;
                service.client.ask(&format!("{{ {field} }}")).await;
                assert_eq!(simulator.stats().calls, before, "{told}");
            }
        }
    }
}

#[tokio::test]
async fn what_has_failed_is_asked_again() {
    let simulator = simulate(people(3));
    let service = impatient(&simulator).await;
    for (field, place, path, _) in FIELDS {
        simulator
            .faults()
            .set([format!("server-error-500@endpoint={path},times=1").parse().unwrap()])
            .unwrap();
        // The seats' activity is known by the user's, but of other days.
        let query = format!("{{ {field} }}");
        assert_eq!(code(&service.client.ask(&query).await), "UPSTREAM_UNAVAILABLE", "{place}");
        if path != "/v2/coaching" {
            assert!(!service.client.data(&query).await.pointer(place).unwrap().is_null(), "{place}");
        }
    }
}

#[tokio::test]
async fn a_token_without_the_scope_says_which_is_missing() {
    let oauth = |scopes: &[&str]| OauthSettings {
        client_id: "client".into(),
        client_secret: "canary-client-secret".into(),
        refresh_token: "canary-refresh".into(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..OauthSettings::default()
    };
    let unlimited = orgraph::simulator::Settings {
        max_in_flight: None,
        max_starts_per_second: None,
        calls_per_day: None,
        oauth: oauth(&SCOPES[..1]),
        ..keyed()
    };
    let simulator = Simulator::new(people(2), unlimited);
    let url = serve(&simulator).await;
    let mut gong = settings(url.clone(), UNHURRIED);
    gong.credentials = Credentials::OAuth(OAuthClient {
        client_id: "client".into(),
        client_secret: "canary-client-secret".into(),
        refresh_token: "canary-refresh".into(),
        token_url: format!("{url}/oauth2/generate-customer-token"),
    });
    let service = Service::start(&gong, "1d").await;
    service.ready().await;
    for (field, place, _, scope) in FIELDS {
        let answer = service.client.ask(&format!("{{ {field} }}")).await;
        if scope == "api:users:read" {
            assert_eq!(answer.get("errors"), None, "{place}");
            continue;
        }
        assert_eq!(code(&answer), "UPSTREAM_UNAVAILABLE", "{place}");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(&format!("You don't have permission to use '{scope}'")), "{message}");
    }
}

#[tokio::test]
async fn windows_that_cannot_be_are_refused_by_name_and_without_a_call() {
    let simulator = simulate(people(1));
    let service = Service::of(&simulator).await;
    let before = simulator.stats().calls;
    let user = |field: &str| format!(r#"{{ user(id: "1") {{ {field} {{ __typename }} }} }}"#);
    for (query, argument) in [
        (user(r#"activity(from: "2024-02-01", to: "2024-02-01")"#), "to"),
        (user(r#"activity(from: "2024-02-02", to: "2024-02-01")"#), "to"),
        (user(r#"activity(from: "2024-02-02", to: "9024-02-01")"#), "to"),
        (user(r#"activity(from: "9024-02-02", to: "9024-02-03")"#), "from"),
        (user(r#"activity(from: "2022-02-02", to: "2024-02-03")"#), "from"),
        (user(r#"calls(from: "2024-02-01T00:00:00Z", to: "2024-02-01T00:00:00Z")"#), "to"),
        (user(r#"calls(from: "9024-02-01T00:00:00Z", to: "9024-02-02T00:00:00Z")"#), "from"),
        (user(r#"calls(from: "2024-02-01T00:00:00Z", to: "9024-02-02T00:00:00Z")"#), "to"),
        (user(r#"calls(from: "2022-02-01T00:00:00Z", to: "2024-02-02T00:00:00Z")"#), "from"),
        (user(r#"calls(from: "2024-02-01T00:00:00Z", to: "2024-02-02T00:00:00Z", first: 1001)"#), "first"),
        (user(r#"calls(from: "2024-02-01T00:00:00Z", to: "2024-02-02T00:00:00Z", first: -1)"#), "first"),
        (user("settingsHistory(first: -1)"), "first"),
        ("{ seatAudit(inactiveForDays: 0) { estimatedCalls } }".into(), "inactiveForDays"),
        ("{ seatAudit(inactiveForDays: -3000000000) { estimatedCalls } }".into(), "inactiveForDays"),
        ("{ seatAudit(inactiveForDays: 367) { estimatedCalls } }".into(), "inactiveForDays"),
        ("{ seatAudit { people(first: 1001) { totalCount } } }".into(), "first"),
        (r#"{ seatAudit { people(after: "zzz") { totalCount } } }"#.into(), "after"),
        ("{ scorecards(first: 1001) { totalCount } }".into(), "first"),
        ("{ workspaces(first: 1001) { totalCount } }".into(), "first"),
        (r#"{ coachingReports(managerId: "1", from: "2024-02-01T00:00:00Z") { agreement } }"#.into(), "to"),
        (r#"{ coachingReports(managerId: "1", to: "2024-02-01T00:00:00Z") { agreement } }"#.into(), "from"),
    ] {
        let answer = service.client.ask(&query).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", argument), "{query}");
    }
    for id in ["", "5 ", "5/6", "５", &"5".repeat(65), &"5".repeat(100_000)] {
        let query = "query($id: ID!) { coachingReports(managerId: \"1\", workspaceId: $id) { agreement } }";
        let answer = service.client.ask_with(query, json!({ "id": id })).await;
        assert_eq!(refusal(&answer), ("BAD_USER_INPUT", "workspaceId"), "{id}: {answer}");
        assert!(answer.to_string().len() < 1_000, "the id isn't sent back");
    }
    for date in ["yesterday", "2024-02-30", "2024-02-01T00:00:00Z", "20240201", ""] {
        let query = user(&format!(r#"activity(from: "{date}", to: "2024-03-01")"#));
        assert_eq!(code(&service.client.ask(&query).await), "BAD_USER_INPUT", "{date}");
        let query =
            "query($from: Date!) { user(id: \"1\") { activity(from: $from, to: \"2024-03-01\") { from } } }";
        let answer = service.client.ask_with(query, json!({ "from": date })).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{date}: {answer}");
    }
    assert_eq!(simulator.stats().calls, before);
}

#[tokio::test]
async fn seats_without_activity_are_those_of_whom_gong_counts_nothing() {
    let mut company: Vec<_> = (1..=230).map(|id| SimUser::new(id.to_string())).collect();
    company.iter_mut().step_by(10).for_each(|user| user.active = false);
    let simulator = simulate(Workspace::new(company));
    let url = serve(&simulator).await;
    let service = Service::start(&settings(url.clone(), UNHURRIED), "1d").await;
    service.ready().await;
    let told = service.client.data("{ seatAudit { from to peopleCount estimatedCalls callsLeft } }").await;
    let audit = &told["seatAudit"];
    assert_eq!((&audit["peopleCount"], &audit["estimatedCalls"]), (&json!(207), &json!(3)));
    assert_eq!(simulator.stats().calls_by_endpoint.activity, 0, "telling costs nothing");

    let query = |page: &str| {
        format!(
            "{{ seatAudit {{ estimatedCalls people({page}) {{ totalCount fetchedAt
            pageInfo {{ hasNextPage endCursor }} edges {{ finding node {{ id active }} }} }} }} }}"
        )
    };
    let mut found = Vec::new();
    let mut page = "first: 20".to_owned();
    loop {
        let mut data = service.client.data(&query(&page)).await;
        let people = &mut data["seatAudit"]["people"];
        found.append(people["edges"].as_array_mut().unwrap());
        if people["pageInfo"]["hasNextPage"] == false {
            assert_eq!(people["totalCount"], found.len());
            break;
        }
        page = format!("first: 20, after: {}", people["pageInfo"]["endCursor"]);
    }
    assert_eq!(simulator.stats().calls_by_endpoint.activity, 3, "further pages cost nothing");

    let (from, to) = (&audit["from"], &audit["to"]);
    let mut idle: Vec<String> = Vec::new();
    for chunk in (1..=230).map(|id| id.to_string()).collect::<Vec<_>>().chunks(100) {
        let body = json!({ "filter": { "fromDate": from, "toDate": to, "userIds": chunk } });
        let answer = crate::live::asked(&service, &url, "/v2/stats/activity/aggregate", body).await;
        for row in answer["usersAggregateActivityStats"].as_array().unwrap() {
            let counters = row["userAggregateActivityStats"].as_object().unwrap();
            let id = row["userId"].as_str().unwrap();
            if counters.values().all(|count| *count == 0) && id.parse::<u32>().unwrap() % 10 != 1 {
                idle.push(id.to_owned());
            }
        }
    }
    let mut ids: Vec<_> = found.iter().map(|edge| edge["node"]["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    idle.sort();
    assert!(idle.len() > 20);
    assert_eq!(ids, idle);
    assert!(found.iter().all(|edge| edge["finding"] == "NO_ACTIVITY" && edge["node"]["active"] == true));
}

#[tokio::test]
async fn an_audit_that_the_day_has_no_calls_for_is_refused_with_the_numbers() {
    let mut company: Vec<_> = (1..=1_300).map(|id| SimUser::new(id.to_string())).collect();
    company.iter_mut().step_by(20).for_each(|user| user.first_name = Some("Ann".to_owned()));
    let simulator = simulate(Workspace::new(company));
    let limits = Limits { daily_budget: 24, lookup_reserve: 2, ..UNHURRIED };
    let service = Service::start(&settings(serve(&simulator).await, limits), "auto").await;
    service.ready().await;
    let before = simulator.stats().calls;
    let query = "{ seatAudit { estimatedCalls callsLeft people { totalCount } } snapshot { userCount } }";
    let answer = service.client.ask(query).await;
    let (audit, left) = (&answer["data"]["seatAudit"], 24 - before);
    assert_eq!((&audit["estimatedCalls"], &audit["callsLeft"]), (&json!(13), &json!(left)));
    assert_eq!((&audit["people"], &answer["data"]["snapshot"]["userCount"]), (&Value::Null, &json!(1_300)));
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    assert_eq!(answer["errors"][0]["path"], json!(["seatAudit", "people"]));
    let message = answer["errors"][0]["message"].as_str().unwrap();
    for part in ["1300 people", "13 calls", &format!("{left} are left")] {
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(simulator.stats().calls, before);

    let narrower = r#"{ seatAudit(filter: { nameContains: "ann" }) { peopleCount estimatedCalls people { totalCount } } }"#;
    let data = service.client.data(narrower).await;
    assert_eq!(
        (&data["seatAudit"]["peopleCount"], &data["seatAudit"]["estimatedCalls"]),
        (&json!(65), &json!(1))
    );
    assert_eq!(simulator.stats().calls, before + 1);
}

#[tokio::test]
async fn what_one_answer_may_cost_is_bounded() {
    let simulator = simulate(people(1_000));
    let service = Service::of(&simulator).await;
    let query = r#"{ users(first: 1000) { nodes {
        calls(from: "2024-01-01T00:00:00Z", to: "2024-12-01T00:00:00Z", first: 0) { hasMore } } } }"#;
    let answer = service.client.ask(query).await;
    let errors = answer["errors"].as_array().unwrap();
    // 335 days are four windows: a thousand look-ups are enough for 250 people.
    let (last, first) = errors.split_last().unwrap();
    assert_eq!(first.len() as u64 + last["extensions"]["leftOut"].as_u64().unwrap(), 750);
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "QUERY_TOO_COMPLEX"));
    let deep = r#"{ users(first: 1000) { nodes { calls(from: "2024-01-01T00:00:00Z", to: "2024-02-01T00:00:00Z", first: 1000) { nodes { id title } } } } }"#;
    let before = simulator.stats().calls;
    assert_eq!(code(&service.client.ask(deep).await), "QUERY_TOO_COMPLEX");
    assert_eq!(simulator.stats().calls, before);
}

#[tokio::test]
async fn an_audit_is_paid_for_before_it_is_made() {
    let service = Service::over(people(20_100)).await;
    // 20,100 people with 100 filters each are more than the 2,000,000 visits of an answer. Nobody is looked at,
    // and so the rest of the answer has its visits still.
    let parts = "{ titleContains: \"qzx\" } ".repeat(99);
    let query = format!(
        "{{ seatAudit(filter: {{ or: [{parts}] }}) {{ peopleCount }} users(first: 1) {{ totalCount }} }}"
    );
    let answer = service.client.ask(&query).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    assert_eq!(answer["data"], json!({ "seatAudit": null, "users": { "totalCount": 20_100 } }));

    // One looks at everybody and then for everybody's activity, for four visits more.
    let audits =
        |n: usize| (0..n).map(|n| format!("a{n}: seatAudit {{ estimatedCalls }} ")).collect::<String>();
    let answer = service.client.ask(&format!("{{ {} }}", audits(20))).await;
    let data = answer["data"].as_object().unwrap();
    let told = |data: &Value| data["estimatedCalls"] == 201;
    assert_eq!(data.values().filter(|audit| told(audit)).count(), 19, "{answer}");
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
}
