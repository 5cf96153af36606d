//! The real clients, in Node: `tests/node/subscriptions.test.js`.

use std::process::Command;

use crate::{
    apollo::ready,
    support::{file, orgraph},
};

#[test]
fn graphql_ws_and_graphql_sse_subscribe() {
    if !ready("subscriptions") {
        return;
    }
    let output = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=120000", "subscriptions.test.js"])
        .current_dir(file("tests/node"))
        .env("ORGRAPH_BINARY", orgraph().get_program())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("\n# fail 0\n") && !said.contains("\n# pass 0\n"), "{said}");
}
