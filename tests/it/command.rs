//! The binary: what it prints, and how it ends.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

use orgraph::simulator::FaultKind;

use crate::support::{file, orgraph, text};

/// Ends with 2 and says why, having bound nothing.
fn refused(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert_eq!(status.code(), Some(2), "{}", String::from_utf8_lossy(&stderr));
    assert_eq!(stdout, b"");
    String::from_utf8(stderr).unwrap()
}

#[test]
fn schema_is_printed() {
    let output = orgraph().arg("schema").output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), text("schema.graphql"));
}

#[test]
fn credentials_that_are_missing_are_named() {
    let said = refused(orgraph().arg("serve"));
    assert!(said.contains("GONG_ACCESS_KEY is not set or empty"), "{said}");
    let said =
        refused(orgraph().arg("serve").env("GONG_ACCESS_KEY", "key").env("GONG_ACCESS_KEY_SECRET", " "));
    assert!(said.contains("GONG_ACCESS_KEY_SECRET is not set or empty"), "{said}");
}

#[test]
fn credentials_are_of_one_kind_and_whole() {
    let serve = |variables: &[(&str, &str)]| {
        let said = refused(orgraph().arg("serve").envs(variables.iter().copied()));
        assert!(!said.contains("canary"), "{said}");
        said
    };
    let key = [("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary")];
    let client =
        [("GONG_CLIENT_ID", "id"), ("GONG_CLIENT_SECRET", "canary"), ("GONG_REFRESH_TOKEN", "canary")];
    for (left_out, _) in client {
        let others: Vec<_> = client.into_iter().filter(|(name, _)| *name != left_out).collect();
        let said = serve(&others);
        assert!(said.contains(&format!("{left_out} is not set or empty")), "{said}");
    }
    let said = serve(&[key[1], client[2]]);
    assert!(said.contains("GONG_ACCESS_KEY_SECRET and GONG_REFRESH_TOKEN are both set"), "{said}");
    let said = serve(&[&key[..], &client[..]].concat());
    assert!(said.contains("GONG_ACCESS_KEY and GONG_CLIENT_ID are both set"), "{said}");
    let said = serve(&[&client[..], &[("GONG_TOKEN_URL", "http://gong.example/t")]].concat());
    assert!(said.contains("the token URL of Gong uses http to another machine"), "{said}");
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let serve = |arguments: &[&str]| {
        let said = refused(
            orgraph()
                .arg("serve")
                .args(arguments)
                .env("GONG_ACCESS_KEY", "key")
                .env("GONG_ACCESS_KEY_SECRET", "canary"),
        );
        assert!(!said.contains("canary"));
        said
    };
    assert!(serve(&["--gong-base-url", "http://gong.example"]).contains("http to another machine"));
    assert!(serve(&["--gong-base-url", "gong"]).contains("is no URL"));
    assert!(serve(&["--refresh-interval", "0s"]).contains("from 1s to 7d"));
    assert!(serve(&["--gong-max-per-second", "0"]).contains("--gong-max-per-second"));
    assert!(serve(&["--gong-daily-budget", "5", "--gong-lookup-reserve", "5"]).contains("reserve"));
    assert!(serve(&["--listen", "nowhere"]).contains("--listen"));
}

#[test]
fn a_users_file_that_cannot_be_used_is_named_with_its_line() {
    let folder = std::env::temp_dir().join(format!("orgraph-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let users = folder.join("users.ndjson");
    let path = users.to_str().unwrap();
    for (content, words) in [
        ("{\"id\": \"1\"}\n\n{\"id\": 2}\n", "line 3"),
        ("nonsense\n", "line 1"),
        ("{\"id\": \"1\"}\n[]\n", "line 2"),
    ] {
        std::fs::write(&users, content).unwrap();
        for command in ["demo", "simulate"] {
            let said = refused(orgraph().args([command, "--users", path]));
            assert!(said.contains(words) && said.contains(path), "{said}");
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
    let said = refused(orgraph().args(["demo", "--users", path]));
    assert!(said.contains(path), "{said}");
    let said = refused(orgraph().args(["demo", "--users", path, "--generate", "5"]));
    assert!(said.contains("cannot be used with"), "{said}");
}

#[test]
fn changes_that_cannot_be_made_are_named() {
    let folder = std::env::temp_dir().join(format!("orgraph-steps-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("1.ndjson"), "{\"id\": \"1\"}\n").unwrap();
    std::fs::write(folder.join("2.ndjson"), "{\"id\": \"1\"}\n{\"id\": 2}\n").unwrap();
    let series = folder.to_str().unwrap();
    let simulate = |arguments: &[&str]| refused(orgraph().arg("simulate").args(arguments));
    let said = simulate(&["--series", series]);
    assert!(said.contains("2.ndjson: line 2: id is not a string"), "{said}");
    assert!(simulate(&["--series", series, "--drift", "1"]).contains("cannot be used with"));
    assert!(simulate(&["--series", series, "--generate", "5"]).contains("cannot be used with"));
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(simulate(&["--series", series]).contains(series));
    assert!(simulate(&["--drift", "101"]).contains("from 0 to 100"));
    assert!(simulate(&["--step", "25h"]).contains("24h"));
    assert!(simulate(&["--utc-offset", "Berlin"]).contains("+02:00"));
    assert!(simulate(&["--api-base-url", "gong"]).contains("https://"));
    assert!(simulate(&["--scopes", "api:users:read,api:everything"]).contains("api:everything"));
}

#[test]
fn a_simulated_series_tells_its_steps() {
    let series = file("tests/data/series");
    let mut simulate = orgraph()
        .args(["simulate", "--listen", "127.0.0.1:0", "--step", "1ms", "--series", series.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(simulate.stdout.take().unwrap()).lines().map(Result::unwrap);
    let told: Vec<String> = lines.filter(|line| line.starts_with("Step")).take(2).collect();
    assert!(told[0].starts_with("Step 2 of 3 (2022-04): 270 people; 11 hired, 14 removed"), "{told:?}");
    assert!(told[1].starts_with("Step 3 of 3 (2022-05): 268 people"), "{told:?}");
    let stop = Command::new("kill").args(["-TERM", &simulate.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert!(simulate.wait().unwrap().success());
}

#[test]
fn faults_are_listed_and_a_bad_one_is_refused() {
    let output = orgraph().args(["simulate", "--list-faults"]).output().unwrap();
    assert!(output.status.success());
    let list = String::from_utf8(output.stdout).unwrap();
    assert_eq!(list.lines().count(), FaultKind::ALL.len());
    for (line, kind) in list.lines().zip(FaultKind::ALL) {
        assert!(line.starts_with(kind.name()) && line.ends_with(kind.description()), "{line}");
    }
    let bad = ["simulate", "--fault", "bom", "--fault", "cursor-expird@page=3"];
    let said = refused(orgraph().args(bad));
    assert!(said.contains("'--fault <FAULT>'") && said.contains("cursor-expired is the nearest"), "{said}");
    let said = refused(orgraph().arg("simulate").env("ORGRAPH_SIMULATE_FAULTS", "bom;bom@page=0"));
    assert!(said.contains("page is a number from 1"), "{said}");
    let said = refused(orgraph().arg("simulate").env("ORGRAPH_SIMULATE_FAULTS", ["bom"; 65].join(";")));
    assert!(said.contains("at most 64 faults"), "{said}");
}

#[test]
fn demo_answers_says_where_and_stops_when_asked() {
    let users = file("tests/data/northwind.ndjson");
    let mut demo = orgraph()
        .args(["demo", "--listen", "127.0.0.1:0", "--users", users.to_str().unwrap()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines().map(Result::unwrap);
    let said: Vec<String> = lines.by_ref().take_while(|line| !line.contains("Ctrl-C")).collect();
    let said = said.join("\n");
    assert!(said.contains("9 people") && said.contains("/graphiql") && said.contains("/export/v1"), "{said}");
    assert_eq!(said.matches("\n  { ").count(), 3, "three queries: {said}");

    let stop = Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap();
    assert!(stop.success());
    assert!(demo.wait().unwrap().success());
}

/// A pipe that nobody reads.
fn unread() -> std::io::PipeWriter {
    let (_, writer) = std::io::pipe().unwrap();
    writer
}

/// A device that takes nothing, which is Linux's.
#[cfg(target_os = "linux")]
fn full() -> std::fs::File {
    std::fs::File::options().write(true).open("/dev/full").unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_who_has_gone_is_no_fault_and_a_full_disk_is() {
    let scratch = crate::support::Scratch::new();
    let keys = scratch.path().join("keys.jsonl");
    let keys = keys.to_str().unwrap();
    let made = ["keys", "add", "seen", "--role", "reader", "--api-keys-file", keys];
    assert!(orgraph().args(made).output().unwrap().status.success());
    for arguments in [
        &["schema"][..],
        &["completions", "bash"],
        &["man"],
        &["simulate", "--list-faults"],
        &["keys", "list", "--api-keys-file", keys],
        &["keys", "list", "--json", "--api-keys-file", keys],
    ] {
        let ended = |stdout: Stdio| {
            let Output { status, stderr, .. } = orgraph().args(arguments).stdout(stdout).output().unwrap();
            (status.code(), String::from_utf8(stderr).unwrap())
        };
        assert_eq!(ended(unread().into()), (Some(0), String::new()), "{arguments:?}");
        let (code, told) = ended(full().into());
        assert!(code == Some(1) && told.contains("standard output takes no more"), "{arguments:?}: {told}");
    }
    // What nobody has seen isn't there.
    for stdout in [Stdio::from(unread()), Stdio::from(full())] {
        let unseen = ["keys", "add", "unseen", "--role", "reader", "--api-keys-file", keys];
        let added = orgraph().args(unseen).stdout(stdout).output().unwrap();
        let told = String::from_utf8(added.stderr).unwrap();
        assert!(added.status.code() == Some(1) && told.contains("takes no key"), "{told}");
    }
    let listed = orgraph().args(["keys", "list", "--api-keys-file", keys]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("seen") && !listed.contains("unseen"), "{listed}");
    for serving in [&["demo", "--listen", "127.0.0.1:0"][..], &["simulate", "--listen", "127.0.0.1:0"]] {
        let ended = orgraph().args(serving).stdout(full()).output().unwrap();
        assert_eq!(ended.status.code(), Some(1), "{serving:?}");
    }
}

/// Standard error too: whoever reads the log may go away.
#[tokio::test]
async fn what_nobody_reads_any_more_goes_on_serving() {
    let users = file("tests/data/northwind.ndjson");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut demo = orgraph();
    demo.args(["demo", "--listen", &free.to_string(), "--admin", "127.0.0.1:0", "--log", "debug"]);
    demo.args(["--users", users.to_str().unwrap()]).stdout(unread()).stderr(unread());
    let mut demo = demo.spawn().unwrap();
    let client = crate::support::Client::new(free);
    let ready = async {
        let ask = || client.request(reqwest::Method::GET, "/readyz").send();
        while !ask().await.is_ok_and(|answer| answer.status() == 200) {
            assert_eq!(demo.try_wait().unwrap(), None, "it has ended");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(crate::support::FOREVER, ready).await.expect("it never answers");
    assert!(Command::new("kill").args(["-TERM", &demo.id().to_string()]).status().unwrap().success());
    assert!(demo.wait().unwrap().success());
}
