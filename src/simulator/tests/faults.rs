//! Scripts, when faults strike, and the admin endpoint.

use serde_json::json;

use super::{
    super::{Effect, Fault, FaultKind, TooManyFaults},
    raw::Exchange,
    *,
};

fn fault(script: &str) -> Fault {
    script.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn refused(script: &str) -> String {
    script.parse::<Fault>().unwrap_err().to_string()
}

async fn served() -> Served {
    Served::start(people(&["1", "2", "3", "4", "5", "6"]), generous()).await
}

/// The statuses of so many calls one after the other, with 503 where the fault struck.
async fn struck(script: &str, calls: usize) -> Vec<bool> {
    let served = served().await;
    served.simulator.faults().add(fault(script)).unwrap();
    let mut struck = Vec::new();
    for _ in 0..calls {
        struck.push(served.raw("/v2/users").await.status() == 503);
    }
    struck
}

#[test]
fn every_kind_is_its_own_script_and_its_value_is_told() {
    for kind in FaultKind::ALL {
        let alone = fault(kind.name());
        assert_eq!((alone.kind(), alone.to_string()), (*kind, kind.name().to_owned()));
        assert!(
            kind.name()
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
        assert!(!kind.description().is_empty() && !kind.description().ends_with('.'));
        match kind.value() {
            Some(spec) => {
                let said = fault(&format!("{kind}={}", spec.default));
                assert_ne!(said.to_string(), alone.to_string());
            }
            None => assert!(refused(&format!("{kind}=1")).ends_with("takes no value")),
        }
    }
    let mut names: Vec<_> = FaultKind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FaultKind::ALL.len(), "a name is there twice");
    assert!(names.len() >= 40, "{}", names.len());
    for effect in
        [Effect::Harmless, Effect::Changed, Effect::Malformed, Effect::Transient, Effect::Suspicious]
    {
        assert!(FaultKind::ALL.iter().any(|kind| kind.effect() == effect), "{effect:?}");
    }
}

#[test]
fn a_script_is_printed_as_it_was_written() {
    for script in [
        "cursor-expired@page=3",
        "throttled-with-retry-after=3600@endpoint=extensive,times=2",
        "wrong-types=all@share=0.5",
        "503-html@calls=2..4,after=5m,every=2",
        "502-html@endpoint=/v2/calls,call=3..",
        "redirect-to-another-host=127.0.0.1:9",
        "half-the-users = 20 @ calls = ..5 , share = 1",
    ] {
        assert_eq!(fault(&format!(" {script} ")).to_string(), script);
    }
}

#[test]
fn a_bad_script_is_refused_with_cause_place_and_what_may_be_meant() {
    let list = "`orgraph simulate --list-faults` tells them all";
    let conditions = "there are page, calls, endpoint, after, times, every, share";
    for (script, expected) in [
        ("", format!(r#""", character 1: the name of a fault is missing; {list}"#)),
        ("@page=1", format!(r#""@page=1", character 1: the name of a fault is missing; {list}"#)),
        ("cursor-expird@page=3", format!(r#""cursor-expird@page=3", character 1: no fault is called "cursor-expird", cursor-expired is the nearest; {list}"#)),
        ("banana", format!(r#""banana", character 1: no fault is called "banana"; {list}"#)),
        ("bom@pgae=3", format!(r#""bom@pgae=3", character 5: no condition is called "pgae", page is the nearest; {conditions}"#)),
        (
            "bom@endpoint=/ä,tims=1",
            format!(
                r#""bom@endpoint=/ä,tims=1", character 17: no condition is called "tims", times is the nearest; {conditions}"#
            ),
        ),
        ("bom@times=1,", r#""bom@times=1,", character 13: a condition is written KEY=VALUE"#.to_owned()),
        ("bom@every", r#""bom@every", character 5: a condition is written KEY=VALUE, every is the nearest"#.to_owned()),
        ("bom@page=0", r#""bom@page=0", character 10: page is a number from 1, or a span such as 3..5, 3.. or ..5"#.to_owned()),
        ("bom@calls=5..3", r#""bom@calls=5..3", character 11: calls is a number from 1, or a span such as 3..5, 3.. or ..5"#.to_owned()),
        ("bom@calls=..", r#""bom@calls=..", character 11: calls is a number from 1, or a span such as 3..5, 3.. or ..5"#.to_owned()),
        ("bom@share=1.5", r#""bom@share=1.5", character 11: share is a number from 0 to 1"#.to_owned()),
        ("bom@share=NaN", r#""bom@share=NaN", character 11: share is a number from 0 to 1"#.to_owned()),
        ("bom@times=0", r#""bom@times=0", character 11: times is a number from 1"#.to_owned()),
        ("bom@after=soon", r#""bom@after=soon", character 11: after is a time such as 30s or 5m"#.to_owned()),
        ("bom@after=-5s", r#""bom@after=-5s", character 11: after is a time such as 30s or 5m"#.to_owned()),
        ("bom@call=1,calls=2", r#""bom@call=1,calls=2", character 12: calls is said twice"#.to_owned()),
        ("bom@endpoint=usrs", r#""bom@endpoint=usrs", character 14: no endpoint is called "usrs", users is the nearest; there are users, user, extensive, other, and any path such as /v2/calls"#.to_owned()),
        ("bom=1", r#""bom=1", character 5: bom takes no value"#.to_owned()),
        ("slow-drip=0", r#""slow-drip=0", character 11: the value of slow-drip is a number of milliseconds from 1 to 86400000"#.to_owned()),
        ("slow-drip=+5", r#""slow-drip=+5", character 11: the value of slow-drip is a number of milliseconds from 1 to 86400000"#.to_owned()),
        ("half-the-users=all", r#""half-the-users=all", character 16: the value of half-the-users is a percentage from 1 to 100"#.to_owned()),
        ("wrong-types=some", r#""wrong-types=some", character 13: the value of wrong-types is a number of records from 1, or `all`"#.to_owned()),
        ("redirect-to-another-host=a/b", r#""redirect-to-another-host=a/b", character 26: the value of redirect-to-another-host is a host such as `127.0.0.1:8090`"#.to_owned()),
    ] {
        assert_eq!(refused(script), expected);
    }
    assert!(refused(&"x".repeat(501)).ends_with("a script has at most 500 bytes"));
}

#[tokio::test]
async fn conditions_say_which_calls_are_struck() {
    const NO: bool = false;
    const YES: bool = true;
    assert_eq!(struck("503-html", 3).await, [YES, YES, YES]);
    assert_eq!(struck("503-html@call=2", 3).await, [NO, YES, NO]);
    assert_eq!(struck("503-html@calls=2..3", 4).await, [NO, YES, YES, NO]);
    assert_eq!(struck("503-html@calls=3..", 4).await, [NO, NO, YES, YES]);
    assert_eq!(struck("503-html@times=2", 4).await, [YES, YES, NO, NO]);
    assert_eq!(struck("503-html@every=2", 4).await, [NO, YES, NO, YES]);
    assert_eq!(struck("503-html@every=2,times=1", 4).await, [NO, YES, NO, NO]);
    assert_eq!(struck("503-html@endpoint=extensive", 2).await, [NO, NO]);
    assert_eq!(struck("503-html@endpoint=/v2/users", 2).await, [YES, YES]);
    assert_eq!(struck("503-html@after=1h", 2).await, [NO, NO]);
    assert_eq!(struck("503-html@after=0s", 2).await, [YES, YES]);
    assert_eq!(struck("503-html@share=0", 20).await, [NO; 20]);
    assert_eq!(struck("503-html@share=1", 20).await, [YES; 20]);
    let half = struck("503-html@share=0.5", 200).await;
    let many = half.iter().filter(|struck| **struck).count();
    assert!((60..140).contains(&many), "{many} of 200");
    assert_eq!(struck("503-html@share=0.5", 200).await, half, "not the same in each run");
}

#[tokio::test]
async fn pages_are_counted_from_one_and_look_ups_have_none() {
    let served = served().await;
    served.simulator.faults().add(fault("cursor-expired@page=3,times=1")).unwrap();
    let first = served.get("/v2/users").await;
    let second = served.get(&format!("/v2/users?cursor={}", first.cursor())).await;
    let third = format!("/v2/users?cursor={}", second.cursor());
    assert_eq!(served.get(&third).await.error(), (400, "cursor has expired"));
    assert_eq!(served.get(&third).await.ids(), ["5", "6"]);

    served.simulator.faults().set([fault("503-html@page=1..")]).unwrap();
    let filter = json!({"filter": {"createdFromDateTime": "2020-01-01T00:00:00Z"}});
    let ids = json!({"filter": {"userIds": ["1"]}});
    let post = async |body: &Value| {
        let request = served.request(Method::POST, "/v2/users/extensive").body(body.to_string());
        request.send().await.unwrap().status()
    };
    assert_eq!(post(&filter).await, 503);
    assert_eq!(post(&ids).await, 200);
    assert_eq!(served.raw("/v2/users/1").await.status(), 200);
    assert_eq!(served.raw("/v2/users").await.status(), 503);
}

#[tokio::test]
async fn several_faults_strike_together() {
    let served = served().await;
    let scripts = ["unknown-fields", "total-as-text", "another-order", "wrong-content-type"];
    served.simulator.faults().extend(scripts.map(fault)).unwrap();
    let answer = served.get("/v2/users").await;
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert_eq!(answer.ids(), ["2", "1"]);
    assert_eq!(answer.body["records"]["totalRecords"], "6");
    assert!(answer.body["addedByGong"].is_object());
    let struck: Vec<u64> = served.simulator.faults().active().iter().map(|active| active.struck).collect();
    assert_eq!(struck, [1, 1, 1, 1]);
}

#[tokio::test]
async fn a_part_of_the_company_is_as_large_as_it_says() {
    let ids: Vec<String> = (1000..1100).map(|id| id.to_string()).collect();
    let workspace = Workspace::new(ids.iter().map(SimUser::new).collect());
    let served = Served::start(workspace, Settings { page_size: 100, ..generous() }).await;
    for percent in [1, 19, 20, 21, 50, 99, 100] {
        let script = format!("half-the-users={percent}");
        served.simulator.faults().set([fault(&script)]).unwrap();
        let left = served.get("/v2/users").await;
        assert_eq!(left.ids().len(), 100 - percent, "{script}");
        assert_eq!(left.body["records"]["totalRecords"], 100 - percent);
    }
}

#[tokio::test]
async fn the_record_of_a_look_up_is_struck_as_those_of_a_listing_are() {
    let served = served().await;
    for (script, key) in [("wrong-types", "active"), ("id-null", "id"), ("unknown-fields", "addedByGong")] {
        let before = served.get("/v2/users/1").await.body["user"][key].clone();
        served.simulator.faults().set([fault(script)]).unwrap();
        assert_ne!(served.get("/v2/users/1").await.body["user"][key], before, "{script}");
        served.simulator.faults().clear();
    }
    served.simulator.faults().set([fault("latin-1-bytes")]).unwrap();
    assert!(str::from_utf8(&served.raw("/v2/users/1").await.body).is_err());
}

#[tokio::test]
async fn a_fault_that_has_nothing_to_do_has_not_struck() {
    let served = Served::start(people(&["1"]), generous()).await;
    for script in ["same-cursor-for-ever", "cursor-dropped-early", "cursor-expired", "records-missing-early"]
    {
        served.simulator.faults().set([fault(script)]).unwrap();
        assert_eq!(served.get("/v2/users").await.ids(), ["1"], "{script}");
        assert_eq!(served.get("/v2/users/1").await.status, 200);
        assert_eq!(served.simulator.faults().active()[0].struck, 0, "{script}");
    }
}

#[tokio::test]
async fn a_call_that_a_limit_or_the_key_refuses_is_not_struck() {
    let served = Served::start(people(&["1"]), Settings { calls_per_day: Some(1), ..generous() }).await;
    served.simulator.faults().add(FaultKind::ServerError500).unwrap();
    assert_eq!(Answer::read(served.anonymous(Method::GET, "/v2/users")).await.status, 401);
    assert_eq!(served.get("/v2/users").await.status, 429);
    assert_eq!(served.simulator.faults().struck(FaultKind::ServerError500), 0);
}

#[tokio::test]
async fn no_more_than_64_faults_are_switched_on() {
    let faults = served().await.simulator.faults();
    let many = |n| std::iter::repeat_n(Fault::from(FaultKind::Bom), n);
    faults.extend(many(64)).unwrap();
    assert_eq!(faults.add(FaultKind::Bom), Err(TooManyFaults));
    assert_eq!(faults.set(many(65)), Err(TooManyFaults));
    assert_eq!(faults.active().len(), 64);
    faults.set(many(1)).unwrap();
    assert_eq!(faults.active().len(), 1);
}

#[tokio::test]
async fn the_admin_endpoint_switches_while_it_runs() {
    let served = served().await;
    let admin = async |method: Method, body: &str| {
        let request = served.anonymous(method, "/_simulator/faults").body(body.to_owned());
        Answer::read(request).await
    };
    let quiet = admin(Method::GET, "").await;
    assert_eq!((quiet.status.as_u16(), &quiet.body["active"]), (200, &json!([])));
    let catalogue = quiet.body["catalogue"].as_array().unwrap();
    assert_eq!(catalogue.len(), FaultKind::ALL.len());
    assert_eq!(
        catalogue[0],
        json!({
            "name": "throttled-with-retry-after",
            "value": {"unit": "SECONDS", "default": "1"},
            "effect": "transient",
            "description": "429 with `Retry-After` in seconds",
            "struck": 0,
        })
    );

    assert_eq!(admin(Method::POST, r#"{"fault": "503-html@times=1"}"#).await.status, 200);
    let both = admin(Method::POST, r#"{"faults": ["bom@page=9", "total-missing"]}"#).await;
    assert_eq!(both.body["active"].as_array().unwrap().len(), 3);
    assert_eq!(served.raw("/v2/users").await.status(), 503);
    assert_eq!(served.get("/v2/users").await.body["records"].get("totalRecords"), None);
    let now = admin(Method::GET, "").await;
    let active = |script: &str, struck| json!({"fault": script, "struck": struck});
    let expected = [active("503-html@times=1", 1), active("bom@page=9", 0), active("total-missing", 1)];
    assert_eq!(now.body["active"], json!(expected));

    for (body, words) in [
        (
            r#"["bom", "bomb"]"#,
            r#""bomb", character 1: no fault is called "bomb", bom is the nearest; `orgraph simulate --list-faults` tells them all"#,
        ),
        ("{}", r#"expected {"fault": "NAME"} or {"faults": ["NAME", "NAME"]}"#),
    ] {
        for method in [Method::POST, Method::PUT] {
            assert_eq!(admin(method, body).await.error(), (400, words));
        }
    }
    assert_eq!(served.simulator.faults().active().len(), 3, "a refusal changed something");

    let replaced = admin(Method::PUT, r#"["empty-200"]"#).await;
    assert_eq!(replaced.body["active"], json!([active("empty-200", 0)]));
    assert!(served.raw("/v2/users").await.body.is_empty());
    assert_eq!(admin(Method::DELETE, "").await.body["active"], json!([]));
    assert_eq!(served.get("/v2/users").await.ids(), ["1", "2"]);
    assert_eq!(served.simulator.stats().calls, 4, "the admin endpoint is no call to Gong");
}

#[tokio::test]
async fn a_call_that_is_held_up_does_not_hold_up_the_end() {
    let served = served().await;
    served.simulator.faults().add(FaultKind::TimeOut).unwrap();
    let waiting = Exchange::get(&served, "/v2/users").await;
    while served.simulator.faults().struck(FaultKind::TimeOut) == 0 {
        tokio::task::yield_now().await;
    }
    served.stop.send(()).unwrap();
    served.server.await.unwrap().unwrap();
    assert_eq!(waiting.whole().await.head, "");
}
