//! The audits of the `graphql-http` package against the real binary, in Node: `tests/node/audits.test.js`.

use std::{
    io::{Write, stderr},
    process::Command,
};

use crate::{
    apollo::ready,
    support::{file, orgraph},
};

#[test]
fn every_audit_of_graphql_over_http_is_met() {
    if !ready("audits") {
        return;
    }
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=120000", "audits.test.js"])
        .current_dir(file("tests/node"))
        .env("ORGRAPH_BINARY", orgraph().get_program())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let met =
        said.lines().find_map(|line| line.split_once("audits met: ")).unwrap_or_else(|| panic!("{said}"));
    _ = writeln!(stderr(), "graphql-http: audits met: {}", met.1);
    assert_eq!(met.1, "61 of 61");
}
