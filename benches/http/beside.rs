//! What is told beside the shares: the time of a start, memory, and what a hundred times as many people change.

use std::{thread::sleep, time::Duration};

use serde_json::json;
use tokio::time::Instant;

use super::{
    PEOPLE,
    machine::resident_bytes,
    questions::Known,
    rounds::{Server, in_turn, median},
    service::{Company, Service},
    wire::{Connection, post},
    wish::Wish,
};

/// Something measured, and the most that it may be.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) bound: Option<f64>,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    /// What else is to be known.
    pub(crate) remark: String,
}

/// Connections that are held open to find out what one takes.
const IDLE: usize = 1_000;
const STARTS: usize = 11;
/// The company whose memory is looked at.
const MANY: usize = 100_000;
const MILLION: usize = 1_000_000;

/// Facts about a company of 10,000, and the memory of one of 100,000.
pub(crate) fn of(company: &Company, wish: &Wish) -> Vec<Fact> {
    let mut facts = Vec::new();
    let name = "from process start to first answer, 10,000 people, from disk";
    if wish.wants(name) {
        facts.push(start(company, name));
    }
    let name = "an idle keep-alive connection";
    if wish.wants(name) {
        facts.push(idle(&company.start(), name));
    }
    let name = "resident memory, 100,000 people, to the size of their JSON";
    if wish.wants(name) {
        facts.push(memory(&Company::read(MANY), name));
    }
    facts
}

/// What a million people take, and whether the top manager's answer takes longer for them.
pub(crate) fn of_a_million(company: &Company, wish: &Wish) -> Vec<Fact> {
    let million = Company::read(MILLION);
    let memory = memory(&million, "resident memory, 1,000,000 people, to the size of their JSON");
    let (few, many) = (company.start(), million.start());
    let question = |service: &Service| Known::of(service).top_manager().requests;
    let server = |service: &Service| Server { process: service.process.id(), address: service.address };
    let requests = [&mut question(&few), &mut question(&many)];
    let rounds = in_turn([&server(&few), &server(&many)], requests, wish);
    let times = rounds.iter().map(|(few, many)| few.per_cpu_second / many.per_cpu_second);
    let top = Fact {
        name: "top manager: the time of an answer with 1,000,000 people, to that with 10,000".to_owned(),
        bound: Some(1.3),
        value: median(times.collect()),
        unit: "",
        remark: format!("{PEOPLE} and {MILLION} people, CPU time of the server"),
    };
    vec![memory, top]
}

fn start(company: &Company, name: &str) -> Fact {
    let times = (0..STARTS).map(|_| {
        let began = Instant::now();
        let service = company.start();
        let took = began.elapsed().as_secs_f64();
        service.process.kill();
        took
    });
    let value = median(times.collect());
    Fact {
        name: name.to_owned(),
        bound: Some(0.3),
        value,
        unit: "s",
        remark: format!("median of {STARTS}, one core"),
    }
}

fn memory(company: &Company, name: &str) -> Fact {
    let service = company.start();
    // Indexes that are made when they are first asked for are part of it.
    Known::of(&service);
    let (held, sent) = (settled_bytes(service.process.id()), company.json_bytes);
    let remark = format!("{} MiB of {} MiB", held >> 20, sent >> 20);
    Fact { name: name.to_owned(), bound: Some(1.0), value: held as f64 / sent as f64, unit: "", remark }
}

/// The resident memory of a process once it doesn't become less any more: allocators give back what was freed in their own
/// time.
fn settled_bytes(process: u32) -> usize {
    let mut least = resident_bytes(process);
    let mut same = 0;
    while same < 5 {
        sleep(Duration::from_secs(1));
        let now = resident_bytes(process);
        same = if now < least { 0 } else { same + 1 };
        least = now.min(least);
    }
    resident_bytes(process)
}

fn idle(service: &Service, name: &str) -> Fact {
    let body = json!({ "query": "{ __typename }" }).to_string();
    let request = post(&service.credential, 0, &body);
    let asked = |connections: usize| {
        let mut held: Vec<_> = (0..connections).map(|_| Connection::to(service.address)).collect();
        held.iter_mut().for_each(|connection| _ = connection.ask(&request));
        held
    };
    // What the first connections have the allocator take isn't theirs.
    let few = asked(10);
    let before = resident_bytes(service.process.id());
    let many = asked(IDLE);
    let after = resident_bytes(service.process.id());
    drop((few, many));
    let value = (after.saturating_sub(before)) as f64 / IDLE as f64 / 1_024.0;
    Fact {
        name: name.to_owned(),
        bound: None,
        value,
        unit: "KiB",
        remark: format!("{IDLE} after one answer each"),
    }
}
