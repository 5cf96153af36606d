//! What a thousand clients who wait cost. `ORGRAPH_WRITE_DOCS=1` writes the figure into `docs/subscriptions.md`.

use serde_json::json;

use super::socket::Socket;
use crate::support::{Process, file, orgraph};

const CLIENTS: usize = 1_000;
const BEGIN: &str = "<!-- written by the test idle.rs -->\n";
const END: &str = "<!-- end -->";

/// The memory of a process, in KiB, if it can be told here.
fn memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_who_wait_cost_little() {
    let mut command = orgraph();
    command.args(["demo", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"]);
    // They read nothing, so they answer no ping.
    command.args(["--subscriptions-keep-alive", "1h"]);
    command.args(["--subscriptions-max-per-client", "2000", "--refresh-interval", "1d"]);
    command.args(["--subscriptions-max-operations-per-client", "2000"]);
    let process = tokio::task::spawn_blocking(move || {
        let process = Process::start(&mut command);
        process.wait_for("Ctrl-C");
        process
    });
    let process = process.await.unwrap();
    let said = process.wait_for("Ctrl-C");
    let (_, after) = said.split_once("GraphQL    http://").unwrap();
    let address = after.split("/graphql").next().unwrap().parse().unwrap();

    let open = async |clients: usize| {
        let mut sockets = Vec::new();
        for _ in 0..clients {
            let mut socket = Socket::ready(address).await;
            socket.subscribe("1", "subscription { userChanged { kind userId user { name title } } }").await;
            socket.say(json!({ "type": "ping" })).await;
            assert_eq!(socket.hear().await["type"], "pong");
            sockets.push(socket);
        }
        sockets
    };
    // What is made once is made by the first few.
    let mut sockets = open(20).await;
    let before = memory(process.id());
    sockets.extend(open(CLIENTS).await);
    let after = memory(process.id());
    let (Some(before), Some(after)) = (before, after) else { return };
    let each = (after.saturating_sub(before) as f64) / CLIENTS as f64;
    println!("{CLIENTS} subscribers who wait: {each:.1} KiB each ({before} KiB before, {after} KiB after)");
    assert!(each < 64.0, "{each} KiB each");
    // They are all still there: the last and the first get an answer.
    for at in [0, sockets.len() - 1] {
        sockets[at].say(json!({ "type": "ping" })).await;
        assert_eq!(sockets[at].hear().await["type"], "pong");
    }

    if std::env::var_os("ORGRAPH_WRITE_DOCS").is_some() {
        let page = file("docs/subscriptions.md");
        let text = std::fs::read_to_string(&page).unwrap();
        let (head, rest) = text.split_once(BEGIN).unwrap();
        let (_, tail) = rest.split_once(END).unwrap();
        let figure = format!(
            "{CLIENTS} WebSockets with a subscription each that wait take {each:.0} KiB of memory each\n\
             ({} MiB together), measured as the resident memory of `orgraph demo` in a development build.\n",
            (after - before) / 1024
        );
        std::fs::write(&page, format!("{head}{BEGIN}{figure}{END}{tail}")).unwrap();
    }
}
