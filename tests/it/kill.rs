//! kill -9, at any moment and under load: what any client has seen is there after the restart, whole and of
//! its true age, before Gong has been reached; and the day's calls are not forgotten.
//!
//! `ORGRAPH_TEST_SEED` repeats a run, `ORGRAPH_TEST_PEOPLE` makes the company larger.

mod gate;
mod load;
mod states;

use std::{process::Command, time::Duration};

use jiff::Timestamp;
use orgraph::{
    clock::Clock,
    simulator::{Drift, Simulator, Workspace},
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use self::{
    gate::Gate,
    load::{Load, version},
    states::States,
};
use crate::support::{Client, FOREVER, Process, Scratch, orgraph, serving, simulate};

const KILLS: usize = 50;
const IN_FLIGHT: u32 = 3;

/// When the process is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// While it reads pages.
    Scan,
    /// While it writes the snapshot's file.
    Save,
    /// When somebody has seen the new snapshot.
    Publish,
    /// Whenever.
    Any,
}

const MOMENTS: [Moment; 4] = [Moment::Scan, Moment::Save, Moment::Publish, Moment::Any];

/// What must be there again.
#[derive(Clone, Copy, Default)]
struct Known {
    version: u64,
    state: usize,
    calls: u32,
}

/// A service and what is around it.
struct House {
    simulator: Simulator,
    state: Scratch,
    states: States,
    rng: fastrand::Rng,
    /// From start to the first answer.
    restarts: Vec<Duration>,
    /// The longest that a scan and its publication have taken.
    scan: Duration,
    /// Kills in the middle of a save.
    in_a_save: usize,
}

/// A process that serves what was on disk, with Gong held back.
struct Restarted {
    process: Process,
    client: Client,
    gate: Gate,
    at: Timestamp,
    known: Known,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

impl House {
    fn new(people: usize, seed: u64) -> Self {
        let simulator = simulate(Workspace::generate(people, 7));
        simulator.follow(Drift::new(1.0, seed));
        Self {
            simulator,
            state: Scratch::new(),
            states: States::default(),
            rng: fastrand::Rng::with_seed(seed),
            restarts: Vec::new(),
            scan: Duration::from_millis(200),
            in_a_save: 0,
        }
    }

    async fn start(&self) -> (Process, Client, Gate) {
        let gate = Gate::before(&self.simulator).await;
        let mut serve = serving();
        serve.env("ORGRAPH_STATE_DIR", self.state.path()).env("GONG_BASE_URL", &gate.url).envs([
            ("GONG_ACCESS_KEY", "key"),
            ("GONG_ACCESS_KEY_SECRET", "canary-secret"),
            ("ORGRAPH_GONG_MAX_IN_FLIGHT", &IN_FLIGHT.to_string()),
            ("ORGRAPH_LOG", "orgraph=info,orgraph::http=warn"),
        ]);
        let process = Process::start(&mut serve);
        let client = Client::new(process.address());
        (process, client, gate)
    }

    /// Starts again after a kill, and holds what is served against what was known.
    async fn restart(&mut self, known: Known) -> Restarted {
        let (at, began) = (Clock::system().now(), Instant::now());
        let (process, client, gate) = self.start().await;
        let (snapshot, status) = timeout(FOREVER, first_answer(&client)).await.expect("no snapshot");
        self.restarts.push(began.elapsed());

        let taken_at: Timestamp = snapshot["takenAt"].as_str().unwrap().parse().unwrap();
        let state = self.states.served(&client).await;
        assert!(version(&snapshot) >= known.version, "{snapshot} after {}", known.version);
        assert!(state >= known.state, "state {state} after {}", known.state);
        assert!((self.states.since(state)..at).contains(&taken_at), "{taken_at}");
        assert!(version(&snapshot) >= taken_at.as_millisecond() as u64);
        age_is_that_of(&client, taken_at).await;
        assert_eq!(status["storage"]["state"], "DISK", "{status}");
        let upstream = &status["upstream"];
        let calls =
            (upstream["callsToday"].as_u64().unwrap() - upstream["inFlight"].as_u64().unwrap()) as u32;
        // What was in flight may or may not have been counted, and may or may not have arrived.
        let counted = known.calls.saturating_sub(IN_FLIGHT)..=known.calls + IN_FLIGHT;
        assert!(counted.contains(&calls), "{calls} calls are known of {}", known.calls);
        assert_eq!(gate.answered(), 0, "Gong was reached");
        let known = Known { version: version(&snapshot), state, calls };
        Restarted { process, client, gate, at, known }
    }

    /// Changes the people while Gong is held back, lets the service have them, and kills it.
    async fn round(&mut self, service: Restarted, moment: Moment) -> (Known, u64) {
        let Restarted { process, client, gate, at, known } = service;
        self.simulator.step().unwrap();
        self.states.note(&self.simulator, at);
        let load = Load::on(&client, &self.simulator, known.version);
        let opened = Instant::now();
        match moment {
            Moment::Scan => {
                let calls = self.rng.u32(1..6);
                gate.let_in(calls as usize);
                timeout(FOREVER, gate.answers(calls)).await.expect("no calls");
                sleep(Duration::from_micros(self.rng.u64(0..20_000))).await;
            }
            Moment::Save => {
                gate.open();
                while !self.is_saving() && opened.elapsed() < self.scan * 2 {
                    tokio::task::yield_now().await;
                }
                sleep(Duration::from_micros(self.rng.u64(0..5_000))).await;
            }
            Moment::Publish => {
                gate.open();
                load.sees_newer_than(known.version).await;
                self.scan = self.scan.max(opened.elapsed());
                sleep(Duration::from_micros(self.rng.u64(0..20_000))).await;
            }
            Moment::Any => {
                gate.open();
                sleep(self.scan.mul_f64(self.rng.f64() * 2.0)).await;
            }
        }
        let said = process.kill();
        self.in_a_save += usize::from(self.is_saving());
        let (seen, answers) = load.end().await;
        assert!(!said.contains("panicked"), "{said}");
        (Known { version: seen, state: known.state, calls: known.calls + gate.arrived() }, answers)
    }
}

impl House {
    /// Whether the log of the snapshot's database, which is emptied after a save, holds a part of one.
    fn is_saving(&self) -> bool {
        std::fs::metadata(self.state.path().join("snapshot.db-wal")).is_ok_and(|log| log.len() > 0)
    }
}

/// The first answer from a snapshot: it and the status.
async fn first_answer(client: &Client) -> (Value, Value) {
    let query = "{ snapshot { version takenAt } syncStatus { storage { state } quarantine { id userCount }
        upstream { callsToday inFlight } } }";
    loop {
        let mut answer = client.ask(query).await;
        if !answer["data"]["snapshot"].is_null() {
            return (answer["data"]["snapshot"].take(), answer["data"]["syncStatus"].take());
        }
        sleep(Duration::from_millis(1)).await;
    }
}

/// The header tells how old the snapshot is, in whole seconds.
async fn age_is_that_of(client: &Client, taken_at: Timestamp) {
    let age_now = || Clock::system().now().duration_since(taken_at).as_secs();
    let before = age_now();
    let request = client.request(Method::POST, "/graphql").header("content-type", "application/json");
    let answer =
        request.body(json!({ "query": "{ snapshot { version } }" }).to_string()).send().await.unwrap();
    let age: i64 = answer.headers()["age"].to_str().unwrap().parse().unwrap();
    assert!((before..=age_now()).contains(&age), "{age} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_at_any_moment_loses_nothing_that_was_seen() {
    let people = number("ORGRAPH_TEST_PEOPLE").unwrap_or(600) as usize;
    let seed = number("ORGRAPH_TEST_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("{people} people, ORGRAPH_TEST_SEED={seed}");
    let mut house = House::new(people, seed);

    house.states.note(&house.simulator, Clock::system().now());
    let (process, client, gate) = house.start().await;
    gate.open();
    timeout(FOREVER, first_answer(&client)).await.expect("no first snapshot");
    process.kill();
    let mut known = Known { calls: gate.arrived(), ..Known::default() };

    let (mut answers, mut old, mut new) = (0, 0, 0);
    for kill in 0..KILLS {
        let service = house.restart(known).await;
        let is_new = service.known.state == house.states.latest();
        *(if is_new { &mut new } else { &mut old }) += 1;
        let moment = MOMENTS[kill % MOMENTS.len()];
        let (next, answered) = house.round(service, moment).await;
        (known, answers) = (next, answers + answered);
    }
    let service = house.restart(known).await;
    println!(
        "{KILLS} kills, {} of them in a save; {answers} queries answered before; after {new} restarts the newest \
         people, after {old} others",
        house.in_a_save
    );
    house.restarts.sort_unstable();
    let restarts = &house.restarts;
    println!(
        "from start to first answer: {:?} to {:?}, median {:?}",
        restarts[0],
        restarts[restarts.len() - 1],
        restarts[restarts.len() / 2]
    );
    assert!(old > 0 && new > 1, "{old} {new}");
    held_back_stays_held_back(&mut house, service).await;
}

/// A scan in quarantine is there after a kill, and can be accepted.
async fn held_back_stays_held_back(house: &mut House, service: Restarted) {
    let Restarted { process, client, gate, at, known } = service;
    house.simulator.edit(|people| people.iter_mut().step_by(2).for_each(|user| user.active = false));
    house.states.note(&house.simulator, at);
    gate.open();
    let held_back = async {
        loop {
            let status = client.data("{ syncStatus { scans quarantine { id } } }").await;
            match &status["syncStatus"]["quarantine"]["id"] {
                Value::String(id) => break id.clone(),
                _ => sleep(Duration::from_millis(5)).await,
            }
        }
    };
    let id = timeout(FOREVER, held_back).await.expect("it isn't held back");
    process.kill();
    let known = Known { calls: known.calls + gate.arrived(), ..known };

    let service = house.restart(known).await;
    assert!(service.known.state < house.states.latest(), "what is held back is served");
    let shown = house.quarantine("show");
    // The service may have looked a second time before it was killed, which makes it another number.
    let number = shown.lines().find_map(|line| line.strip_prefix("Number")).unwrap().trim();
    assert!(number.parse::<u64>().unwrap() >= id.parse().unwrap(), "{shown}");
    assert!(shown.contains("TOO_MANY_DEACTIVATED"), "{shown}");
    assert_eq!(house.quarantine("accept"), "Accepted: it is served now.\n");
    assert_eq!(house.states.served(&service.client).await, house.states.latest());
    assert_eq!(service.gate.answered(), 0, "Gong was reached");
    let snapshot = service.client.data("{ snapshot { version } }").await;
    let seen =
        Known { version: version(&snapshot["snapshot"]), state: house.states.latest(), ..service.known };
    service.process.kill();

    let service = house.restart(seen).await;
    assert_eq!(service.known.state, house.states.latest());
    assert_eq!(house.quarantine("show"), "No scan is in quarantine.\n");
}

impl House {
    /// What `orgraph quarantine` says, which finds the service by its state directory.
    fn quarantine(&self, command: &str) -> String {
        let mut orgraph: Command = orgraph();
        orgraph.args(["quarantine", command]).env("ORGRAPH_STATE_DIR", self.state.path());
        let output = orgraph.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}
