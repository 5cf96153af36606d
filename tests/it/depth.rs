//! How deep an answer may go, and that it gets there.

use orgraph::simulator::{SimUser, Workspace};

use crate::support::{Client, Process, code, serve, serving, simulate};

/// Wherever an answer can go round it goes as deep as it may: by the real binary, whose threads are its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_deepest_answers_are_answered() {
    let person =
        |id: &str, manager: &str| SimUser { manager_id: Some(manager.to_owned()), ..SimUser::new(id) };
    let ring = Workspace::new(vec![person("1", "2"), person("2", "1"), person("3", "1")]);
    let gong = serve(&simulate(ring)).await;
    let mut command = serving();
    command.envs([("GONG_BASE_URL", &*gong), ("GONG_ACCESS_KEY", "key")]);
    command.envs([("GONG_ACCESS_KEY_SECRET", "canary-secret"), ("ORGRAPH_MAX_DEPTH", "40")]);
    let process = Process::start(&mut command);
    process.wait_for("snapshot published");
    let client = Client::new(process.address());
    for (head, round) in [
        ("cycles(first: 1) { nodes { members(first: 1) { nodes", "manager"),
        ("cycles(first: 1) { nodes { members(first: 1) { nodes", "reports(first: 1) { nodes"),
        (
            "orgHealth(kinds: [CYCLE], first: 1) { nodes { people(first: 1) { nodes",
            "issues(first: 1) { nodes { people(first: 1) { nodes",
        ),
    ] {
        let mut deepest = 0;
        for rounds in 1..60 {
            let text = format!("{{ {head} {{ {} id ", format!("{round} {{ ").repeat(rounds));
            let levels = text.matches('{').count() - text.matches('}').count();
            let answer = client.ask(&(text + &"}".repeat(levels))).await;
            if answer.get("errors").is_some() {
                assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{round} × {rounds}");
                break;
            }
            deepest = levels;
        }
        assert!(deepest > 20, "{round}: {deepest}");
    }
    process.stop();
}
