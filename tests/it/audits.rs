//! What others have written against GraphQL over HTTP, in front of the real binary, in Node: the audits of the
//! `graphql-http` package (`tests/node/audits.test.js`), and clients that send hashes for texts
//! (`tests/node/persisted.test.js`).

use std::{
    io::{Write, stderr},
    process::Command,
};

use crate::{
    apollo::ready,
    support::{file, orgraph},
};

/// What the tests in this file say, all of which pass.
fn passes(tests: &str) -> String {
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=120000", tests])
        .current_dir(file("tests/node"))
        .env("ORGRAPH_BINARY", orgraph().get_program())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("\n# fail 0\n") && !said.contains("\n# pass 0\n"), "{said}");
    said
}

#[test]
fn every_audit_of_graphql_over_http_is_met() {
    if !ready("audits") {
        return;
    }
    let said = passes("audits.test.js");
    let (_, met) =
        said.lines().find_map(|line| line.split_once("audits met: ")).unwrap_or_else(|| panic!("{said}"));
    _ = writeln!(stderr(), "graphql-http: audits met: {met}");
    assert_eq!(met, "61 of 61");
}

#[test]
fn apollo_client_and_urql_send_a_text_once() {
    if ready("persisted queries") {
        passes("persisted.test.js");
    }
}
