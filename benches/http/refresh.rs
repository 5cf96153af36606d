//! How long small questions take while 100,000 people are read, built and published, against how long they take
//! otherwise. The service has all cores here: one that builds and answers on a single core says nothing of the two.

use std::{process::Stdio, thread::sleep, time::Duration};

use orgraph::simulator::Workspace;
use serde_json::json;
use tokio::time::Instant;

use super::{
    beside::Fact,
    service::{Company, Gong, SEED},
    wire::{Connection, post},
    wish::Wish,
};

const PEOPLE: usize = 100_000;
/// From one question to the next: the generator is no load.
const PACE: Duration = Duration::from_millis(2);

pub(crate) fn waits(wish: &Wish) -> Option<Fact> {
    let name = "p99 of small questions in a refresh of 100,000 people, to p99 without";
    if !wish.wants(name) {
        return None;
    }
    let company = Company::read(PEOPLE);
    let gong = Gong::of(Workspace::generate(PEOPLE, SEED));
    let service = company.start_with(&gong);
    let version = || service.ask("{ snapshot { version } }", &json!({}))["snapshot"]["version"].clone();
    let body = json!({ "query": "{ snapshot { userCount } }" }).to_string();
    let request = post(&service.credential, 0, &body);
    let before = version();
    let mut scan = company.scan().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut within = Vec::new();
    let mut connection = Connection::to(service.address);
    while scan.try_wait().unwrap().is_none() {
        within.push(wait(&mut connection, &request));
    }
    assert_ne!(before, version(), "nothing was published");
    let without: Vec<_> = (0..within.len()).map(|_| wait(&mut connection, &request)).collect();
    let asked = within.len();
    let (within, without) = (p99(within), p99(without));
    Some(Fact {
        name: name.to_owned(),
        bound: Some(1.5),
        value: within / without,
        unit: "",
        remark: format!("{:.2} ms to {:.2} ms, {asked} questions each", within * 1e3, without * 1e3),
    })
}

/// How long one question takes.
fn wait(connection: &mut Connection, request: &[u8]) -> f64 {
    let began = Instant::now();
    connection.ask(request);
    let took = began.elapsed();
    sleep(PACE.saturating_sub(took));
    took.as_secs_f64()
}

fn p99(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * 99 / 100]
}
