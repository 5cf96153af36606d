//! Services that wouldn't do: each with its code, its sentence, and no secret in it.

use std::{path::Path, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Response, header::DATE},
};
use orgraph::{
    clock::Clock,
    http::{ServerSettings, Tls},
    simulator::{Fault, OauthSettings, SCOPES, Settings, Simulator, Workspace},
};
use tokio::net::TcpListener;
use tower::Service as _;

use super::{check, report, verdicts};
use crate::support::{Scratch, Service, file, keyed, open, serve, shipped_company, simulate};

async fn faulty(fault: &str) -> Simulator {
    let simulator = simulate(Workspace::generate(250, 4));
    simulator.faults().add(fault.parse::<Fault>().unwrap()).unwrap();
    simulator
}

#[tokio::test]
async fn a_wrong_key_is_told_from_one_that_is_not_for_this_address() {
    let simulator = simulate(Workspace::generate(50, 4));
    let wrong = [("GONG_ACCESS_KEY_SECRET", "canary-wrong")];
    let checked = check(&serve(&simulator).await, &[], &wrong).await;
    assert_eq!(checked.code, 3, "{}", checked.said);
    assert!(checked.said.contains("compare the access key in the environment"), "{}", checked.said);
    assert_eq!(simulator.stats().calls, 1, "nothing else is asked");

    let (code, report) = report(&faulty("forbidden-403").await, &[], &[]).await;
    assert_eq!((code, verdicts(&report, "credentials")), (3, vec!["failed"]), "{report}");
    assert_eq!(verdicts(&report, "clock"), ["fine"], "what answered has told its time");
}

#[tokio::test]
async fn a_gong_that_throttles_is_told_as_that() {
    let (code, report) = report(&faulty("throttled-with-retry-after=30").await, &[], &[]).await;
    assert_eq!((code, verdicts(&report, "quota")), (5, vec!["failed"]), "{report}");
    assert_eq!(report["calls"]["made"], 1);
}

#[tokio::test]
async fn an_interval_that_does_not_fit_the_day_is_told_with_the_arithmetic() {
    let arguments = ["--refresh-interval", "10s", "--max-calls", "6"];
    let (code, report) = report(&simulate(Workspace::generate(250, 4)), &arguments, &[]).await;
    assert_eq!((code, verdicts(&report, "quota")), (5, vec!["failed"]), "{report}");
    let told = report.to_string();
    assert!(told.contains("The shortest interval that fits is"), "{told}");
}

#[tokio::test]
async fn a_host_that_is_not_there_or_not_gong_is_told() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let checked = check(&url, &[], &[]).await;
    assert_eq!(checked.code, 4, "{}", checked.said);
    assert!(checked.said.contains("Gong can't be reached"), "{}", checked.said);
    assert!(checked.said.contains(&format!("(asked at {url})")), "{}", checked.said);
    for fault in ["html-with-200", "502-html", "not-found-404"] {
        let (code, report) = report(&faulty(fault).await, &[], &[]).await;
        assert_eq!((code, verdicts(&report, "host")), (4, vec!["failed"]), "{fault}: {report}");
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_told_as_that() {
    let tls = Tls::load(file("tests/data/tls/pkcs8.cert.pem"), file("tests/data/tls/pkcs8.key.pem")).unwrap();
    let service = Service::met(ServerSettings { tls: Some(tls), ..ServerSettings::default() }).await;
    let checked = check(&format!("https://{}", service.address), &[], &[]).await;
    assert_eq!(checked.code, 4, "{}", checked.said);
    assert!(
        checked.said.contains("Gong can't be reached safely: invalid peer certificate"),
        "{}",
        checked.said
    );
    assert!(checked.said.contains("opens TLS"), "{}", checked.said);
}

#[tokio::test]
async fn a_port_without_tls_is_told_as_that() {
    let plain = serve(&simulate(Workspace::generate(50, 4))).await;
    let checked = check(&plain.replace("http://", "https://"), &[], &[]).await;
    assert_eq!(checked.code, 4, "{}", checked.said);
    assert!(checked.said.contains("what answers there doesn't speak TLS"), "{}", checked.said);
    assert!(checked.said.contains("whether GONG_BASE_URL is right"), "{}", checked.said);
}

/// A Gong whose clock is an hour behind.
#[tokio::test]
async fn a_clock_that_is_wrong_is_told() {
    let simulator = simulate(Workspace::generate(50, 4));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(an_hour_ago).with_state(simulator);
    tokio::spawn(async { axum::serve(listener, router).await });
    let checked = check(&url, &["--json"], &[]).await;
    let report = checked.report();
    assert_eq!((checked.code, verdicts(&report, "clock")), (0, vec!["warning"]), "{report}");
    let ahead = report["gong"]["clockAheadSeconds"].as_i64().unwrap();
    assert!((3_500..3_900).contains(&ahead), "{ahead}");
}

async fn an_hour_ago(State(simulator): State<Simulator>, request: Request) -> Response<Body> {
    let mut response = simulator.router().call(request).await.unwrap();
    let then = Clock::system().now() - Duration::from_secs(3_600);
    let date = then.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    response.headers_mut().insert(DATE, HeaderValue::from_str(&date).unwrap());
    response
}

/// An integration that lacks scopes.
async fn integrated(scopes: &[&str]) -> (Simulator, String) {
    let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    let oauth = OauthSettings { scopes, ..OauthSettings::default() };
    let simulator = Simulator::new(shipped_company(), Settings { oauth, ..keyed() });
    let url = serve(&simulator).await;
    (simulator, url)
}

/// Checks as the integration of the simulator.
async fn check_integrated(url: &str, state: Option<&Path>, arguments: &[&str]) -> super::Checked {
    let token_url = format!("{url}/oauth2/generate-customer-token");
    let mut variables = vec![
        ("GONG_CLIENT_ID", "simulator"),
        ("GONG_CLIENT_SECRET", "simulator"),
        ("GONG_REFRESH_TOKEN", "simulator"),
        ("GONG_TOKEN_URL", token_url.as_str()),
        ("ORGRAPH_GONG_MAX_PER_SECOND", "3"),
    ];
    if let Some(state) = state {
        variables.push(("ORGRAPH_STATE_DIR", state.to_str().unwrap()));
    }
    check(url, arguments, &variables).await
}

#[tokio::test]
async fn a_missing_scope_is_named_with_the_fields_that_need_it() {
    let (_, url) = integrated(&[SCOPES[0], SCOPES[2], SCOPES[4], SCOPES[5], SCOPES[6]]).await;
    let state = Scratch::new();
    // The second time with the tokens that the first has left: a refresh token is good for one use.
    for _ in 0..2 {
        let checked = check_integrated(&url, Some(state.path()), &["--json"]).await;
        let report = checked.report();
        assert_eq!((checked.code, verdicts(&report, "credentials")), (0, vec!["fine"]), "{report}");
        let missing: Vec<_> =
            report["scopes"].as_array().unwrap().iter().filter(|scope| scope["granted"] == false).collect();
        assert_eq!(missing.len(), 1, "{report}");
        assert_eq!(missing[0]["scope"], "api:stats:user-actions");
        assert_eq!(missing[0]["fields"], serde_json::json!(["User.activity", "seatAudit.people"]));
    }

    let (_, url) = integrated(&SCOPES[1..]).await;
    let checked = check_integrated(&url, Some(Scratch::new().path()), &["--json"]).await;
    let report = checked.report();
    assert_eq!((checked.code, verdicts(&report, "scopes")), (3, vec!["failed"]), "{report}");
    assert!(report.to_string().contains("add api:users:read"), "{report}");
}

#[tokio::test]
async fn a_consent_is_not_risked() {
    let (simulator, url) = integrated(&SCOPES).await;
    let checked = check_integrated(&url, None, &[]).await;
    assert_eq!(checked.code, 6, "{}", checked.said);
    assert!(checked.said.contains("a refresh token is good for one use"), "{}", checked.said);

    let state = Scratch::new();
    let held = open(&state);
    let checked = check_integrated(&url, Some(state.path()), &["--json"]).await;
    let report = checked.report();
    assert_eq!((checked.code, verdicts(&report, "credentials")), (0, vec!["skipped"]), "{report}");
    assert_eq!(report["state"]["inUse"], true);
    assert_eq!(simulator.stats().calls, 0);
    drop(held);
}

#[tokio::test]
async fn a_state_directory_that_cannot_be_used_is_told() {
    let state = Scratch::new();
    let taken = state.path().join("file");
    std::fs::write(&taken, "").unwrap();
    let simulator = simulate(Workspace::generate(50, 4));
    let (code, report) = report(&simulator, &[], &[("ORGRAPH_STATE_DIR", taken.to_str().unwrap())]).await;
    assert_eq!((code, verdicts(&report, "state")), (6, vec!["failed"]), "{report}");
    assert_eq!(verdicts(&report, "credentials"), ["fine"], "the rest is looked at all the same");
}

/// The snapshot of a service tells of a company that is too large to be read for a look.
#[tokio::test]
async fn what_a_service_has_kept_is_looked_at_where_calls_are_few() {
    let simulator = simulate(Workspace::generate(1_000, 3));
    let state = Scratch::new();
    let settings = crate::support::settings(serve(&simulator).await, crate::support::UNHURRIED);
    let service = Service::with(&settings, orgraph::app::Settings::default(), open(&state)).await;
    service.ready().await;
    service.stop().await;
    let kept = [("ORGRAPH_STATE_DIR", state.path().to_str().unwrap())];
    let (code, report) = report(&simulator, &["--max-calls", "6"], &kept).await;
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["company"]["users"], report["state"]["snapshotUsers"]);
    assert!(report["state"]["snapshotAgeSeconds"].as_i64().unwrap() >= 0);
    assert!(report["calls"]["made"].as_u64().unwrap() <= 6);
}
