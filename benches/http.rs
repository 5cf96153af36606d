//! The service against the limit: a bare axum handler that sends the same bytes. `cargo bench --bench http` asks both
//! in turn and prints what share of the handler's requests per CPU-second the service reaches, question by question,
//! and then what is told beside it: waits in a refresh, memory, the time of a start.
//!
//! `-- --quick` takes fewer rounds, `-- --only WORD` the rows with this word in their name, `-- --large` also those with a
//! million people (some minutes, and some GB of memory); `-- --json` prints JSON instead; `-- --write` puts the tables
//! into `docs/performance.md`.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a benchmark that fails should say where")]
#![expect(clippy::panic, reason = "the same")]
#![expect(dead_code, reason = "the tests use more of what is shared with them")]
#![expect(unreachable_pub, reason = "the tests say what a module is for with `pub`")]

mod page;
#[path = "../tests/it/support/process.rs"]
mod process;

#[path = "http/bare.rs"]
mod bare;
#[path = "http/beside.rs"]
mod beside;
#[path = "http/machine.rs"]
mod machine;
#[path = "http/plain.rs"]
mod plain;
#[path = "http/questions.rs"]
mod questions;
#[path = "http/refresh.rs"]
mod refresh;
#[path = "http/rounds.rs"]
mod rounds;
#[path = "http/service.rs"]
mod service;
#[path = "http/table.rs"]
mod table;
#[path = "http/wire.rs"]
mod wire;
#[path = "http/wish.rs"]
mod wish;

use self::{questions::Known, rounds::Share, service::Company, wish::Wish};

/// The company of the questions.
const PEOPLE: usize = 10_000;

fn main() {
    if let Some(file) = bare::file() {
        return bare::serve(&file);
    }
    if let Some(people) = plain::people() {
        return plain::serve(people);
    }
    let wish = Wish::read();
    let on_cores = machine::take_core(machine::GENERATOR);
    if !on_cores {
        eprintln!("taskset, or a second core, is missing: servers and generator share what cores there are");
    }
    let company = Company::read(PEOPLE);
    let shares = shares(&company, &wish);
    let mut facts = beside::of(&company, &wish);
    facts.extend(refresh::waits(&wish));
    if wish.large {
        facts.extend(beside::of_a_million(&company, &wish));
    }
    table::tell(&shares, &facts, on_cores, &wish);
}

fn shares(company: &Company, wish: &Wish) -> Vec<Share> {
    let service = company.start();
    let known = Known::of(&service);
    let wanted = known.questions().into_iter().filter(|question| wish.wants(question.name));
    let mut shares: Vec<_> = wanted.map(|question| rounds::against_bare(question, &service, wish)).collect();
    let unknown = known.unknown();
    if wish.wants(unknown.name) {
        shares.push(rounds::against_plain(unknown, &service, PEOPLE, wish));
    }
    shares
}
