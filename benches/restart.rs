//! How soon a restarted service answers, with Gong out of reach. `cargo bench --bench restart` prints the table;
//! with `-- --write` it goes into `docs/benchmarks.md` too.
//!
//! Each company is read once and its process killed. Every restart after that has before it a Gong that takes
//! calls and never answers; measured is the time from the start of the process until it has answered a query
//! from the snapshot on disk.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that fails should say where")]
#![expect(dead_code, reason = "the tests use more of what is shared with them")]
#![expect(unreachable_pub, reason = "the tests say what a module is for with `pub`")]

mod page;

#[path = "../tests/it/support/client.rs"]
mod client;
#[path = "../tests/it/support/process.rs"]
mod process;

use std::{path::Path, time::Duration};

use orgraph::simulator::{Settings, Simulator, Workspace};
use tokio::{
    net::TcpListener,
    time::{Instant, sleep},
};

use self::{
    client::Client,
    process::{Process, serving},
};

const COMPANIES: [usize; 3] = [1_000, 10_000, 50_000];
const RESTARTS: usize = 20;
const QUERY: &str =
    "{ snapshot { userCount } users(first: 20) { totalCount nodes { name manager { name } } } }";

#[tokio::main]
async fn main() {
    println!("{RESTARTS} restarts each, from the start of the process to its first answer, in ms:\n");
    let mut table = "| people | least | median | most |\n|---:|---:|---:|---:|\n".to_owned();
    for people in COMPANIES {
        let state = tempfile::tempdir().unwrap();
        read_once(people, state.path()).await;
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let mut times = Vec::new();
        for _ in 0..RESTARTS {
            let began = Instant::now();
            let process = start(state.path(), &url);
            first_answer(&process, people).await;
            times.push(began.elapsed().as_secs_f64() * 1_000.0);
            process.kill();
        }
        times.sort_by(f64::total_cmp);
        let [least, median, most] = [times[0], times[RESTARTS / 2], times[RESTARTS - 1]];
        table.push_str(&format!("| {people} | {least:.0} | {median:.0} | {most:.0} |\n"));
    }
    print!("{table}");
    page::write("benchmarks.md", "restart", &table);
}

/// Has a company read and kept.
async fn read_once(people: usize, state: &Path) {
    let unlimited = Settings {
        max_in_flight: None,
        max_starts_per_second: None,
        calls_per_day: None,
        ..Settings::default()
    };
    let simulator = Simulator::new(Workspace::generate(people, 7), unlimited);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let gong = tokio::spawn(simulator.serve(listener, std::future::pending()));
    let process = start(state, &url);
    first_answer(&process, people).await;
    process.kill();
    gong.abort();
}

fn start(state: &Path, gong: &str) -> Process {
    let mut serve = serving();
    serve.env("ORGRAPH_STATE_DIR", state).env("GONG_BASE_URL", gong).envs([
        ("GONG_ACCESS_KEY", "simulator"),
        ("GONG_ACCESS_KEY_SECRET", "simulator"),
        ("ORGRAPH_REFRESH_INTERVAL", "1d"),
    ]);
    Process::start(&mut serve)
}

async fn first_answer(process: &Process, people: usize) {
    let client = Client::new(process.address());
    loop {
        let answer = client.ask(QUERY).await;
        if answer["data"]["snapshot"]["userCount"] == people {
            return;
        }
        sleep(Duration::from_millis(1)).await;
    }
}
