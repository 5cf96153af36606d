//! How long small questions take while 100,000 people are read, built and published, against how long they take
//! otherwise. The service has all cores here: one that builds and answers on a single core says nothing of the two.
//!
//! Pages are read as fast as they come, by a Gong without limits on the same machine: a Gong with limits lets three
//! calls begin in a second, and reading takes minutes instead of seconds. So they are told apart, by what the answers
//! themselves say of the scan. Whoever asks would be on another machine and doesn't wait for a core here.

use std::{
    process::Stdio,
    thread::{self, sleep},
    time::Duration,
};

use orgraph::simulator::Workspace;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{
    beside::Fact,
    machine::come_first,
    service::{Company, Gong, SEED},
    wire::{Connection, post},
    wish::Wish,
};

const PEOPLE: usize = 100_000;
/// From one question to the next: the generator is no load.
const PACE: Duration = Duration::from_millis(2);
const QUESTION: &str = "{ snapshot { version } syncStatus { state pagesRead pagesExpected } }";

/// How long questions took that were answered at different times, in seconds.
#[derive(Default)]
struct Waits {
    /// While pages were read.
    reading: Vec<f64>,
    /// From the last page to the end of the scan: built, kept and published.
    publishing: Vec<f64>,
    otherwise: Vec<f64>,
}

/// What is measured here.
const SMALL: &str = "p99 of small questions";

pub(crate) fn waits(wish: &Wish) -> Vec<Fact> {
    if !wish.wants(SMALL) {
        return Vec::new();
    }
    // On a thread of its own: what it is allowed ends with it.
    thread::scope(|scope| scope.spawn(|| measured(wish)).join().unwrap())
}

fn measured(wish: &Wish) -> Vec<Fact> {
    let company = Company::read(PEOPLE);
    let gong = Gong::of(Workspace::generate(PEOPLE, SEED));
    let service = company.start_with(&gong);
    let request = post(&service.credential, 0, &json!({ "query": QUESTION }).to_string());
    let mut connection = Connection::to(service.address);
    let mut waits = Waits::default();
    let turn = if come_first() { "" } else { "; the generator waits for its turn" };
    for _ in 0..wish.rounds * 2 {
        waits.in_a_scan(&company, &mut connection, &request);
        let as_many = waits.publishing.len().max(waits.reading.len() / 4);
        while waits.otherwise.len() < as_many {
            let (wait, _) = wait(&mut connection, &request);
            waits.otherwise.push(wait);
        }
    }
    let fact = |when: &str, bound: Option<f64>, within: &[f64]| {
        let (within_p99, otherwise) = (p99(within), p99(&waits.otherwise));
        Fact {
            name: format!("{SMALL} while {when}, to p99 otherwise"),
            bound,
            value: within_p99 / otherwise,
            unit: "",
            remark: format!(
                "{:.2} ms of {} questions to {:.2} ms of {}{turn}",
                within_p99 * 1e3,
                within.len(),
                otherwise * 1e3,
                waits.otherwise.len()
            ),
        }
    };
    vec![
        fact("a refresh of 100,000 people is built and published", Some(1.5), &waits.publishing),
        fact("100,000 people are read by a Gong without limits", Some(1.5), &waits.reading),
    ]
}

impl Waits {
    fn in_a_scan(&mut self, company: &Company, connection: &mut Connection, request: &[u8]) {
        let mut scan = company.scan().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let (_, before) = wait(connection, request);
        let mut last = before.clone();
        while scan.try_wait().unwrap().is_none() {
            last = self.ask(&last, connection, request);
        }
        last = self.ask(&last, connection, request);
        assert_ne!(before["snapshot"], last["snapshot"], "nothing was published");
    }

    /// Asks once, after this answer; tells the next.
    fn ask(&mut self, last: &Value, connection: &mut Connection, request: &[u8]) -> Value {
        let (wait, answer) = wait(connection, request);
        let doing = |answer: &Value| {
            let status = &answer["syncStatus"];
            let all_read = status["pagesRead"] == status["pagesExpected"];
            (status["state"] == "SYNCING").then_some(all_read)
        };
        // What an answer says was so at some time while it was waited for.
        match doing(&answer).or(doing(last)) {
            Some(true) => self.publishing.push(wait),
            Some(false) => self.reading.push(wait),
            None => {}
        }
        answer
    }
}

/// How long one question takes, in seconds, and the data of its answer.
fn wait(connection: &mut Connection, request: &[u8]) -> (f64, Value) {
    let began = Instant::now();
    let answer = connection.ask(request);
    let took = began.elapsed();
    let data = serde_json::from_slice::<Value>(answer).unwrap()["data"].take();
    sleep(PACE.saturating_sub(began.elapsed()));
    (took.as_secs_f64(), data)
}

fn p99(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() * 99 / 100]
}
