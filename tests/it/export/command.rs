//! `orgraph export`: the same table as over HTTP, from wherever there is one.

use std::path::Path;

use orgraph::{auth::Role, export::Format, store::Store};
use reqwest::StatusCode;

use super::{body, roles::Keyed};
use crate::support::{Scratch, Service, orgraph, serve, shipped_company, simulate};

/// How a command ended, and what it said.
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) out: Vec<u8>,
    pub(super) errors: String,
}

/// Runs `orgraph export` with the key of every simulator here.
pub(super) async fn export(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = tokio::process::Command::from(orgraph());
    command.env("GONG_ACCESS_KEY", "key").env("GONG_ACCESS_KEY_SECRET", "canary-secret");
    command.env("ORGRAPH_GONG_MAX_PER_SECOND", "1000").arg("export").args(arguments);
    let output = command.envs(variables.iter().copied()).output().await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!errors.contains("canary"), "{errors}");
    Ended { code: output.status.code().unwrap(), out: output.stdout, errors }
}

/// What such a command writes, which ends well.
async fn exported(arguments: &[&str], variables: &[(&str, &str)]) -> Vec<u8> {
    let Ended { code, out, errors } = export(arguments, variables).await;
    assert_eq!((code, errors.as_str()), (0, ""), "{arguments:?}");
    out
}

/// Why such a command ends with this code, having written nothing.
async fn refused(code: i32, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let ended = export(arguments, variables).await;
    assert_eq!((ended.code, ended.out), (code, vec![]), "{arguments:?}: {}", ended.errors);
    ended.errors
}

#[tokio::test]
async fn each_format_is_what_the_service_gives() {
    let service = Service::over(shipped_company()).await;
    let (scratch, server) = (Scratch::new(), format!("http://{}", service.address));
    for format in Format::ALL.map(Format::name) {
        let asked = ["users", "--server", &server, "--levels", "2", "--active", "true"];
        let expected = body(&service.client, &format!("users.{format}?levels=2&active=true")).await;
        let printed = exported(&[&asked[..], &["-f", format]].concat(), &[]).await;
        assert!(printed == expected, "{format} on standard output");
        let file = scratch.path().join(format!("users.{}", format.to_uppercase()));
        exported(&[&asked[..], &["-o", file.to_str().unwrap()]].concat(), &[]).await;
        assert!(std::fs::read(file).unwrap() == expected, "{format} as a file");
    }
}

#[tokio::test]
async fn a_key_is_asked_with_and_what_the_service_refuses_is_told() {
    let keyed = Keyed::start().await;
    let server = format!("http://{}", keyed.service.address);
    let asked = ["users", "--server", &server, "--columns", "id,phone_number"];
    let told = refused(1, &asked, &[]).await;
    assert!(told.contains("the service says 401") && told.contains("taken from ORGRAPH_KEY"), "{told}");
    let key = |role: Role| [("ORGRAPH_KEY", keyed.keys[role as usize].as_str())];
    let told = refused(1, &asked, &key(Role::Reader)).await;
    assert!(told.contains("the service says 403") && told.contains("needs the role analyst"), "{told}");
    assert!(!told.contains(&keyed.keys[Role::Reader as usize]));
    let (status, expected, _) = keyed.get(Role::Analyst, "users.csv?columns=id%2Cphone_number", None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(exported(&asked, &key(Role::Analyst)).await, expected);
    let broken = [("ORGRAPH_KEY", "canary\nkey")];
    assert!(refused(2, &asked, &broken).await.contains("ORGRAPH_KEY has characters that no key has"));
    // Whoever gives the address of the tables means their service.
    let tables = format!("{server}/export/v1/");
    let copied = ["users", "--server", &tables, "--columns", "id,phone_number"];
    assert_eq!(exported(&copied, &key(Role::Analyst)).await, expected);
    // With a key, not over plain http to another machine.
    let elsewhere = ["users", "--server", "http://orgraph.example"];
    assert!(refused(2, &elsewhere, &key(Role::Reader)).await.contains("use https"));
}

#[tokio::test]
async fn a_state_directory_gives_what_the_service_gave() {
    let service = Service::over(shipped_company()).await;
    let scratch = Scratch::new();
    let state = scratch.path().join("state");
    let (store, _) = Store::open(&state).unwrap();
    store.save_snapshot(&service.directory.snapshot().unwrap()).unwrap();
    let from = [("ORGRAPH_STATE_DIR", state.to_str().unwrap())];
    let told = refused(1, &["users", "--from", "state"], &from).await;
    assert!(told.contains("a running service holds its state directory"), "{told}");
    drop(store);
    for format in Format::ALL.map(Format::name) {
        for table in ["users", "org_issues"] {
            let expected = body(&service.client, &format!("{table}.{format}")).await;
            let written = exported(&[table, "-f", format, "--from", "state"], &from).await;
            assert!(written == expected, "{table}.{format}");
        }
    }
}

#[tokio::test]
async fn what_is_no_state_directory_stays_as_it_is() {
    let scratch = Scratch::new();
    let empty = scratch.path().to_str().unwrap();
    let asked = ["users", "--from", "state"];
    let told = refused(1, &asked, &[("ORGRAPH_STATE_DIR", empty)]).await;
    assert!(told.contains("is no state directory"), "{told}");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    for nothing in [&[][..], &[("ORGRAPH_STATE_DIR", "")]] {
        assert!(refused(2, &asked, nothing).await.contains("--state-dir"));
    }
}

/// Calls of the day, as a state directory has them.
fn counted(state: &Path) -> u32 {
    Store::open(state).unwrap().0.load_spent().unwrap().iter().map(|hour| hour.calls).sum()
}

#[tokio::test]
async fn gong_is_read_once_and_its_calls_are_counted() {
    let simulator = simulate(shipped_company());
    let service = Service::of(&simulator).await;
    let url = serve(&simulator).await;
    let scratch = Scratch::new();
    let state = scratch.path().join("state");
    let told = [("GONG_BASE_URL", url.as_str()), ("ORGRAPH_STATE_DIR", state.to_str().unwrap())];
    let before = simulator.stats().calls;
    for format in Format::ALL.map(Format::name) {
        let expected = body(&service.client, &format!("orphans.{format}")).await;
        let written = exported(&["orphans", "-f", format, "--from", "gong"], &told).await;
        assert!(written == expected, "orphans.{format}");
    }
    assert_eq!(u64::from(counted(&state)), simulator.stats().calls - before);
    // Beside a running service there is nobody to count them.
    let store = Store::open(&state).unwrap();
    let Ended { code, out, errors } = export(&["orphans", "--from", "gong"], &told).await;
    assert_eq!((code, out), (0, body(&service.client, "orphans.csv").await));
    assert!(errors.contains("are not counted among the day's"), "{errors}");
    drop(store);
}

#[tokio::test]
async fn gong_that_can_not_be_read_is_told() {
    let url = serve(&simulate(shipped_company())).await;
    let wrong = [("GONG_BASE_URL", url.as_str()), ("GONG_ACCESS_KEY_SECRET", "canary-wrong")];
    let told = refused(1, &["users", "--from", "gong"], &wrong).await;
    assert!(told.contains("Gong refused the credentials"), "{told}");
    let oauth = [
        ("GONG_ACCESS_KEY", ""),
        ("GONG_ACCESS_KEY_SECRET", ""),
        ("GONG_CLIENT_ID", "id"),
        ("GONG_CLIENT_SECRET", "canary"),
        ("GONG_REFRESH_TOKEN", "canary"),
    ];
    let told = refused(2, &["users", "--from", "gong"], &oauth).await;
    assert!(told.contains("an integration with OAuth has one refresh token"), "{told}");
}

#[tokio::test]
async fn what_can_not_be_asked_is_refused_before_anybody_is_asked() {
    for (arguments, words) in [
        (&["people"][..], "[possible values: users, reporting_lines, orphans, org_issues, org_stats]"),
        (&["users", "-f", "xlsx"], "[possible values: parquet, csv, ndjson, arrow]"),
        (&["users", "-o", "users.xlsx"], "say with --format"),
        (&["users", "--columns", "nothing"], "users has no column \"nothing\""),
        (&["orphans", "--levels", "3"], "is for the table users alone"),
        (&["users", "--under", ""], "under: must be the id of a user, not \"\""),
        (&["users", "-f", "arrow", "--bom"], "is for csv alone"),
        (&["users", "--server", "orgraph.example:8080"], "has no scheme"),
        (&["users", "--server", "ftp://orgraph.example"], "neither http:// nor https://"),
        (&["users", "--server", "https://x:canary@orgraph.example"], "has a name or password in it"),
    ] {
        let told = refused(2, arguments, &[]).await;
        assert!(told.contains(words), "{told}");
    }
    let told = refused(1, &["users", "--server", "http://127.0.0.1:1"], &[]).await;
    assert!(told.contains("no orgraph answers at http://127.0.0.1:1"), "{told}");
}
