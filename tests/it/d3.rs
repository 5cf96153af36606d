//! Charts through d3's own stratify, in Node: `tests/node/chart.test.js`.

use std::process::Command;

use orgraph::simulator::Workspace;
use reqwest::Method;

use crate::{
    apollo::ready,
    support::{Service, example, file, shipped_company},
};

#[tokio::test(flavor = "multi_thread")]
async fn charts_are_trees_to_d3() {
    if !ready("d3") {
        return;
    }
    for workspace in [Workspace::new(example::company()), shipped_company()] {
        let people = workspace.users().len();
        let service = Service::over(workspace).await;
        let request = service.client.request(Method::POST, "/graphql").build().unwrap();
        let mut node = Command::new("node");
        node.args(["--test", "--test-reporter=tap", "--test-timeout=120000", "chart.test.js"])
            .current_dir(file("tests/node"))
            .env("ORGRAPH_URL", request.url().as_str());
        let output = tokio::task::spawn_blocking(move || node.output()).await.unwrap().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{people}: {said}{}", String::from_utf8_lossy(&output.stderr));
        assert!(said.contains("\n# pass 2\n"), "{said}");
    }
}
