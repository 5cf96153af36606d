//! What is kept changes no answer: of two executors over one directory one keeps documents, plans and whole answers,
//! and the other asks async-graphql anew each time. Whatever document is drawn from the schema, whoever asks it with
//! whatever variables, before and after the company has changed, both say the same to the byte, take down the same
//! and tell HTTP the same.
//!
//! `ORGRAPH_TEST_DOCUMENTS` asks more of them, `ORGRAPH_TEST_SEED` others.

mod answer;
mod arguments;
mod difference;
mod document;
mod drawing;
mod kept;
mod onward;
mod people;
mod round;
mod scope;
mod seen;
mod table;
mod value;
mod world;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use self::{round::Rounds, seen::Seen};
use crate::hostile::{contract::Contract, number};

/// Documents, where nobody says how many.
const USUALLY: u64 = 3_000;
/// Documents that are asked of one company.
const OF_A_COMPANY: u64 = 40;
/// Companies that are asked at a time, each on a thread of its own.
const AT_ONCE: u64 = 2;

#[test]
fn what_is_kept_changes_no_answer() {
    let seed = number("ORGRAPH_TEST_SEED").unwrap_or(20_26);
    let documents = number("ORGRAPH_TEST_DOCUMENTS").unwrap_or(USUALLY);
    let (contract, failed) = (Contract::read(), AtomicBool::new(false));
    let work = |worker: u64| -> Result<Seen, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut rounds = Rounds::new(&contract, seed);
            for company in (worker..documents.div_ceil(OF_A_COMPANY)).step_by(AT_ONCE as usize) {
                if failed.load(Ordering::Relaxed) {
                    break;
                }
                let first = company * OF_A_COMPANY;
                let numbers = first..documents.min(first + OF_A_COMPANY);
                let round = rounds.ask(company, numbers).await;
                round.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
            }
            Ok(rounds.seen)
        })
    };
    // Documents are walked down in unoptimised code too.
    let builder = || thread::Builder::new().stack_size(16 << 20);
    let all: Result<Vec<Seen>, String> = thread::scope(|scope| {
        let workers = (0..AT_ONCE).map(|worker| builder().spawn_scoped(scope, move || work(worker)).unwrap());
        workers.collect::<Vec<_>>().into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let seen = all.unwrap_or_else(|difference| panic!("{difference}")).into_iter().reduce(Seen::and).unwrap();
    println!("{seen}");
    assert_eq!(seen.documents, documents);
    assert!(seen.answered * 10 >= documents * 6, "only {} of {documents} are answered", seen.answered);
    assert!(seen.changes * 20 >= documents, "only {} answers are others the next time", seen.changes);
    if documents >= USUALLY {
        assert_eq!(seen.never(&contract), Vec::<String>::new(), "asked for in vain");
    }
}
