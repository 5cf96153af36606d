//! Apollo's own composition and gateway in front of the real binary, in Node: `tests/node/federation.test.js`.

use std::{
    io::{Write, stderr},
    process::Command,
};

use crate::support::{file, orgraph};

/// Whether Node is here, and the packages that the tests in it need. What is missing is said past the capture of
/// passing tests.
fn ready() -> bool {
    let runs =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|it| it.status.success());
    if !runs("node") {
        _ = writeln!(stderr(), "apollo: left out, it needs Node (https://nodejs.org)");
        return false;
    }
    if !file("tests/node/node_modules").is_dir() {
        _ = writeln!(stderr(), "apollo: left out, it needs the packages of tests/node (npm ci there)");
        return false;
    }
    true
}

#[test]
fn a_supergraph_of_apollos_hops_to_people_and_back() {
    if !ready() {
        return;
    }
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=120000", "federation.test.js"])
        .current_dir(file("tests/node"))
        .env("ORGRAPH_BINARY", orgraph().get_program())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("\n# fail 0\n") && !said.contains("\n# pass 0\n"), "{said}");
}
