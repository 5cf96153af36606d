//! Apollo Client, urql and graphql-request against the real binary, in Node: `tests/node/clients.test.js`.

use std::process::Command;

use crate::{
    apollo::ready,
    support::{file, orgraph},
};

#[test]
fn the_clients_of_frontends_get_answers_errors_pages_and_persisted_queries() {
    if !ready("clients") {
        return;
    }
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=120000", "clients.test.js"])
        .current_dir(file("tests/node"))
        .env("ORGRAPH_BINARY", orgraph().get_program())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("\n# fail 0\n") && !said.contains("\n# pass 0\n"), "{said}");
}
