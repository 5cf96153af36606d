//! How long a scan takes, against the bound that Gong's limits set: the pages at three a second, or their
//! latency with three under way, whichever takes longer. The real service in front of a simulated Gong with
//! Gong's limits; each latency once, some five minutes in all.
//!
//! `cargo bench --bench scan` prints the table; with `-- --write` it goes into `docs/benchmarks.md` too.
#![expect(clippy::expect_used, reason = "a benchmark that fails should say where")]

mod page;

use std::time::Duration;

use orgraph::{
    app::{App, Settings},
    clock::Clock,
    directory::Directory,
    gong::{self, Credentials},
    simulator::{self, Simulator, Workspace},
};
use tokio::{net::TcpListener, time::Instant};

const PEOPLE: usize = 10_000;
const LATENCIES_MS: [u64; 3] = [50, 300, 1_000];
/// What a scan may take of the bound.
const TARGET: f64 = 1.15;

#[tokio::main]
async fn main() {
    let mut table = String::from(
        "| a page takes | bound | first scan, one cursor | later scans, in parts | of the bound | in flight | starts in a second | refused |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let mut kept = true;
    for latency in LATENCIES_MS {
        let (row, ratio) = measure(Duration::from_millis(latency)).await;
        print!("{row}");
        table.push_str(&row);
        kept &= ratio <= TARGET;
    }
    println!("\n{table}");
    page::write("benchmarks.md", "scan", &table);
    assert!(kept, "a scan takes longer than {TARGET} of the bound");
}

/// A line of the table, and how much of the bound a scan in parts took.
async fn measure(latency: Duration) -> (String, f64) {
    let told = simulator::Settings {
        latency,
        access_key: "key".to_owned(),
        access_key_secret: "secret".into(),
        ..simulator::Settings::default()
    };
    let simulator = Simulator::new(Workspace::generate(PEOPLE, 1), told);
    let gong = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", gong.local_addr().expect("its address"));
    tokio::spawn(simulator.clone().serve(gong, std::future::pending()));
    let credentials = Credentials::AccessKey { access_key: "key".into(), access_key_secret: "secret".into() };
    let settings = gong::Settings::new(url, credentials);
    let app = App::new(&settings, Settings::default(), None, Clock::system(), fastrand::Rng::with_seed(1))
        .expect("settings that can be used");
    let directory = app.directory().clone();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let service = tokio::spawn(app.run(listener, None, std::future::pending()));

    let began = Instant::now();
    ended(&directory, 1).await;
    let plain = began.elapsed();
    let pages = directory.status().pages_read;
    let began = Instant::now();
    let scan = directory.request_scan();
    ended(&directory, scan).await;
    let parts = began.elapsed();
    service.abort();

    let pages = f64::from(pages);
    let bound = (pages / 3.0).max(pages * latency.as_secs_f64() / 3.0);
    let ratio = parts.as_secs_f64() / bound;
    let stats = simulator.stats();
    let row = format!(
        "| {} ms | {bound:.1} s | {:.1} s | {:.1} s | {ratio:.2} | {} | {} | {} |\n",
        latency.as_millis(),
        plain.as_secs_f64(),
        parts.as_secs_f64(),
        stats.most_in_flight,
        stats.most_starts_in_a_second,
        stats.refused,
    );
    (row, ratio)
}

async fn ended(directory: &Directory, scan: u64) {
    let mut statuses = directory.statuses();
    statuses.wait_for(|status| status.scans >= scan).await.expect("a sync that goes on");
}
