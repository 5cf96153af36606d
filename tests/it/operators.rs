//! The commands for whoever runs the service, and what it tells those who watch it.

use std::process::Output;

use orgraph::{
    admin,
    simulator::{Fault, Workspace},
};
use serde_json::{Value, json};

use crate::support::{Scratch, Service, simulate};

/// Runs the command for the service with this door.
async fn orgraph(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_orgraph"));
    command.env_remove("ORGRAPH_ADMIN").env_remove("ORGRAPH_STATE_DIR").args(arguments);
    command.envs(variables.iter().copied()).output().await.unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn a_scan_can_be_asked_for_and_is_waited_for() {
    let simulator = simulate(Workspace::generate(250, 4));
    let service = Service::of(&simulator).await;
    simulator.edit(|users| users.truncate(240));
    let state = Scratch::new();
    let announced = admin::announce(state.path(), service.admin, "test").unwrap();
    let known = [("ORGRAPH_STATE_DIR", state.path().to_str().unwrap())];
    let people = simulator.people();
    let output = orgraph(&["sync"], &known).await;
    assert_eq!(said(&output), (Some(0), format!("Read {people} people on 3 pages.\n"), String::new()));

    simulator.faults().add("forbidden-403".parse::<Fault>().unwrap()).unwrap();
    let (code, _, error) = said(&orgraph(&["sync", "--admin", &service.admin.to_string()], &[]).await);
    assert_eq!(code, Some(1));
    assert!(error.starts_with("orgraph: Gong refused the credentials (HTTP 403)"), "{error}");
    assert!(error.ends_with("the last good snapshot is still served\n"), "{error}");

    let (code, told, _) = said(&orgraph(&["quarantine", "show"], &known).await);
    assert_eq!((code, told.as_str()), (Some(0), "No scan is in quarantine.\n"));
    let (code, _, error) = said(&orgraph(&["quarantine", "accept"], &known).await);
    assert_eq!((code, error.as_str()), (Some(1), "orgraph: no scan is in quarantine\n"));

    // Another service has the port by now.
    let _later = admin::announce(state.path(), service.admin, "somebody-else").unwrap();
    let (code, _, error) = said(&orgraph(&["sync"], &known).await);
    assert_eq!(code, Some(1));
    assert!(error.starts_with("orgraph: another service has this address by now"), "{error}");
    drop(announced);
    assert_eq!(admin::find(state.path()), None, "nothing is left behind");
    let (code, _, error) = said(&orgraph(&["quarantine", "accept"], &known).await);
    assert_eq!(code, Some(2));
    assert!(error.contains("no service with the state directory"), "{error}");
}

#[tokio::test]
async fn a_door_that_is_not_there_or_not_on_loopback_is_named() {
    let (code, _, error) = said(&orgraph(&["sync", "--admin", "127.0.0.1:1"], &[]).await);
    assert_eq!(code, Some(1));
    assert!(error.starts_with("orgraph: no orgraph answers at 127.0.0.1:1"), "{error}");
    for arguments in [["sync", "--admin", "192.0.2.1:8079"], ["serve", "--admin", "0.0.0.0:8079"]] {
        let (code, _, error) = said(&orgraph(&arguments, &[]).await);
        assert_eq!(code, Some(2));
        assert!(error.contains("the door is open on loopback only"), "{error}");
    }
}

#[tokio::test]
async fn metrics_tell_what_the_status_tells() {
    let simulator = simulate(Workspace::generate(250, 4));
    let service = Service::of(&simulator).await;
    service.scan().await;
    let metrics = service.metrics().await;
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    let value = |name: &str| -> f64 {
        let line = metrics.lines().find(|line| line.split([' ', '{']).next() == Some(name));
        line.unwrap_or_else(|| panic!("{name} in {metrics}")).rsplit(' ').next().unwrap().parse().unwrap()
    };
    let status = service
        .client
        .data("{ syncStatus { scans pagesRead pagesExpected failuresInARow intervalSeconds upstream { callsToday dailyBudget inFlight lookupsToday } } snapshot { userCount } }")
        .await;
    let told = |pointer: &str| status.pointer(pointer).and_then(Value::as_f64).unwrap();
    for (metric, field) in [
        ("orgraph_sync_scans_total", "/syncStatus/scans"),
        ("orgraph_sync_pages_read", "/syncStatus/pagesRead"),
        ("orgraph_sync_pages_expected", "/syncStatus/pagesExpected"),
        ("orgraph_sync_failures_in_a_row", "/syncStatus/failuresInARow"),
        ("orgraph_gong_calls_today", "/syncStatus/upstream/callsToday"),
        ("orgraph_gong_lookups_today", "/syncStatus/upstream/lookupsToday"),
        ("orgraph_gong_calls_in_flight", "/syncStatus/upstream/inFlight"),
        ("orgraph_gong_daily_budget", "/syncStatus/upstream/dailyBudget"),
        ("orgraph_snapshot_users", "/snapshot/userCount"),
    ] {
        assert_eq!(value(metric), told(field), "{metric}");
    }
    assert_eq!(value("orgraph_sync_interval_seconds").floor(), told("/syncStatus/intervalSeconds"));
    assert!(metrics.contains("orgraph_sync_state{state=\"idle\"} 1\n"), "{metrics}");
    assert_eq!(metrics.matches("orgraph_sync_state{").count(), 7);
    let of_sync = metrics.lines().filter(|line| line.starts_with("orgraph_sync_") && line.ends_with("} 1"));
    assert_eq!(of_sync.count(), 1, "one state, and no reason for quarantine");
    assert_eq!(told("/syncStatus/scans"), 2.0, "{}", json!(status));
}
