//! The log of slow operations, by the real binary.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::support::{Client, Process, file, orgraph};

pub(super) fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `orgraph demo` of nine people, which tells in JSON.
fn demo(slow: &str) -> Process {
    let users = file("tests/data/northwind.ndjson");
    let mut demo = orgraph();
    demo.args(["demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--slow-query", slow, "--users"]);
    Process::start(demo.arg(users).envs([("ORGRAPH_LOG", "info"), ("ORGRAPH_LOG_FORMAT", "json")]))
}

fn address(process: &Process) -> std::net::SocketAddr {
    let said = process.wait_for("Ctrl-C");
    said.split("GraphQL    http://").nth(1).unwrap().split('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_slow_operation_is_told_by_its_hash_and_never_by_its_words() {
    let process = demo("0s");
    let client = Client::new(address(&process));
    let query = r#"query Slow($name: String!) { canaryAlias: search(text: $name, first: 1) { totalCount } }"#;
    let answer = client.ask_with(query, json!({ "name": "canary fuller" })).await;
    let version = answer["extensions"]["snapshot"]["version"].as_str().unwrap().to_owned();
    client.ask("{ canaryField }").await;
    let log = process.stop();
    let slow: Vec<serde_json::Value> = log
        .lines()
        .filter(|line| line.contains("slow operation"))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(slow.len(), 2, "{log}");
    let line = &slow[0];
    assert_eq!(
        (&line["level"], &line["operation"], &line["type"]),
        (&"WARN".into(), &"Slow".into(), &"query".into())
    );
    assert_eq!(line["document_sha256"], sha256(query));
    assert_eq!(line["snapshot"], version);
    assert!(line["took_ms"].is_u64() && line["request_id"].is_string(), "{line}");
    assert_eq!(line.get("viewer"), None, "an address is somebody's: {line}");
    assert_eq!(slow[1]["document_sha256"], sha256("{ canaryField }"));
    assert_eq!(slow[1]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert!(!log.to_lowercase().contains("canary") && !log.contains("fuller"), "{log}");
    // Both have a line of the usual kind too, by the same id.
    let answered = |id: &serde_json::Value| {
        let id = id.as_str().unwrap();
        log.lines().any(|line| line.contains("answered") && line.contains(id))
    };
    assert!(slow.iter().all(|line| answered(&line["request_id"])), "{log}");
    let usual = log.lines().find(|line| line.contains("answered") && line.contains("\"Slow\"")).unwrap();
    let usual: serde_json::Value = serde_json::from_str(usual).unwrap();
    assert_eq!((&usual["operation"], usual.get("code")), (&"Slow".into(), None));
}

#[tokio::test]
async fn a_minute_has_sixty_lines_and_what_is_quick_has_none() {
    let process = demo("0s");
    let client = Client::new(address(&process));
    for _ in 0..100 {
        client.data("{ __typename }").await;
    }
    let metrics =
        client.request(reqwest::Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("orgraph_graphql_slow_total 100\n"), "{metrics}");
    let log = process.stop();
    // On a machine that needs more than a minute for them, the next minute has its own.
    let lines = log.matches("slow operation").count();
    assert!((60..100).contains(&lines), "{lines}");

    let process = demo("1h");
    Client::new(address(&process)).data("{ __typename }").await;
    assert!(!process.stop().contains("slow operation"));
}
