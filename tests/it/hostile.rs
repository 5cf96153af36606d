//! Whatever is sent to the service, it neither falls nor tells what it shouldn't, and answers the next good query.
//!
//! `ORGRAPH_TEST_HOSTILE` makes more requests of each kind, `ORGRAPH_TEST_SEED` others;
//! `ORGRAPH_TEST_LATENCY` has the time of refusals held to its bound, which only means something on a machine
//! that does nothing else and in a release build.

mod bombs;
pub(crate) mod contract;
mod families;
mod figures;
pub(crate) mod grammar;
mod judgement;
mod known;
mod mutation;
mod page;
mod smuggling;
mod sockets;
mod target;
mod values;
mod wire;

use fastrand::Rng;
use serde_json::Value;
use tokio::time::Instant;

use self::{
    contract::Contract,
    families::{FAMILIES, Stock, Way},
    figures::Figures,
    judgement::judge,
    known::Known,
    target::Target,
    wire::{Connection, Request},
};
use crate::support::{ALONE, text};

/// Of each kind; together more than 10,000.
const OF_EACH: usize = 750;
/// After so many, a good query.
const GOOD_AFTER: usize = 100;
/// Connections that are used at a time.
const AT_ONCE: usize = 2;

/// What is said to the service so that the corpus is no throng of one client, and what is held elsewhere.
pub(crate) const UNHINDERED: [(&str, &str); 1] = [("ORGRAPH_RATE_CAPACITY", "0")];

pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn stock() -> Stock {
    let pages = [text("README.md"), text("docs/queries.md")];
    let blocks = pages.iter().flat_map(|page| page.split("```").skip(1).step_by(2));
    let documents: Vec<_> =
        blocks.filter_map(|block| block.strip_prefix("graphql\n")).map(str::to_owned).collect();
    assert!(documents.len() > 40);
    Stock { contract: Contract::read(), documents }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_hostile_requests_are_withstood() {
    let _alone = ALONE.lock().await;
    let seed = number("ORGRAPH_TEST_SEED").unwrap_or(20_26);
    let of_each = number("ORGRAPH_TEST_HOSTILE").map_or(OF_EACH, |of_each| of_each as usize);
    let target = Target::start(&UNHINDERED).await;
    let stock = stock();
    let workers = (0..AT_ONCE).map(|worker| {
        let (target, stock) = (&target, &stock);
        async move {
            let (mut figures, mut since) = (Figures::default(), 0);
            let mut connection = Connection::to(target.address);
            for at in (worker..of_each * FAMILIES.len()).step_by(AT_ONCE) {
                let (family, nth) = (at % FAMILIES.len(), at / FAMILIES.len());
                // Each can be made again by itself.
                let mut rng = Rng::with_seed(seed ^ ((at as u64) << 20));
                let way = (FAMILIES[family].make)(stock, &mut rng);
                if let Err(what) = attack(target, &mut connection, &way, family, &mut figures).await {
                    let name = FAMILIES[family].name;
                    figures.wrong.push(format!("{name} {nth} of seed {seed}: {what}\n    {way}"));
                }
                since += 1;
                if since == GOOD_AFTER {
                    since = 0;
                    let began = Instant::now();
                    target.answers(&mut connection).await;
                    figures.good.push(began.elapsed());
                }
            }
            target.answers(&mut connection).await;
            figures
        }
    });
    let all: Vec<_> = futures_util::future::join_all(workers).await;
    let figures = all.into_iter().reduce(Figures::with).unwrap();
    target.end();
    let wrong = &figures.wrong;
    let first: Vec<_> = wrong.iter().take(8).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} are answered wrongly, among them\n{}", wrong.len(), first.join("\n"));
    assert_eq!(figures.requests(), of_each * FAMILIES.len());
    println!("{}", figures.table());
    page::write("figures", &figures.table());
    if std::env::var_os("ORGRAPH_TEST_LATENCY").is_some() {
        let p99 = figures.refusals_p99();
        assert!(p99 < std::time::Duration::from_millis(5), "refusals take {p99:?} at the 99th of 100");
    }
}

/// Sends one, judges what comes back, and keeps the figures.
async fn attack(
    target: &Target,
    connection: &mut Connection,
    way: &Way,
    family: usize,
    figures: &mut Figures,
) -> Result<(), String> {
    let began = Instant::now();
    match way {
        Way::Kept(request) => {
            let request = request
                .clone()
                .header("authorization", "Bearer canary-bearer")
                .header("cookie", "session=canary-cookie");
            let answer = connection.exchange(&request).await.map_err(|error| error.to_string())?;
            figures.note(family, &judge(&answer)?, began.elapsed(), answer.body.len());
        }
        Way::Ended(bytes) => {
            let answers =
                wire::send_and_end(target.address, bytes).await.map_err(|error| error.to_string())?;
            let took = began.elapsed();
            figures.note_connection(family);
            for answer in answers {
                figures.note_answer(family, &judge(&answer)?, took, answer.body.len());
            }
        }
    }
    Ok(())
}

/// What is sent must be what the words say: most of it is no request that anybody would answer.
#[test]
fn what_is_made_up_differs_and_can_be_made_again() {
    let stock = stock();
    for family in FAMILIES {
        let make = |seed| format!("{:?}", (family.make)(&stock, &mut Rng::with_seed(seed)));
        let mut made: Vec<_> = (0..200).map(make).collect();
        assert_eq!(made[7], make(7), "{}", family.name);
        made.sort();
        made.dedup();
        assert!(made.len() > 50, "{}: only {} of 200 differ", family.name, made.len());
    }
}

/// Whoever opens the service to strangers says this.
const CLOSED: [(&str, &str); 2] = [("ORGRAPH_NO_INTROSPECTION", "true"), ("ORGRAPH_NO_GRAPHIQL", "true")];

#[tokio::test]
async fn every_check_of_graphql_cop_finds_nothing() {
    let checks = known::checks_of_graphql_cop();
    assert_eq!(checks.len(), 13);
    withstands(Target::start(&CLOSED).await, &checks).await;
}

#[tokio::test]
async fn every_other_attack_with_a_name_is_withstood() {
    withstands(Target::start(&UNHINDERED).await, &known::others()).await;
}

async fn withstands(target: Target, attacks: &[Known]) {
    let mut connection = Connection::to(target.address);
    let mut found = Vec::new();
    for Known { name, after, request, withstood } in attacks {
        let answer = connection.exchange(request).await.unwrap();
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        match judge(&answer) {
            Ok(_) if withstood(&answer, &told) => {}
            Ok(_) => {
                found.push(format!("{name}, after {after}: {} {:.200}", answer.status, told.to_string()))
            }
            Err(what) => found.push(format!("{name}, after {after}: {what}")),
        }
        target.answers(&mut connection).await;
    }
    target.end();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What InQL looks for: every circle of the schema, each gone round as often as the depth allows and more often.
#[tokio::test]
async fn nobody_is_sent_in_circles() {
    let target = Target::start(&UNHINDERED).await;
    let mut connection = Connection::to(target.address);
    let circles = Contract::read().circles(3);
    assert!(circles.len() > 8, "{} circles", circles.len());
    let mut refused = 0;
    for circle in &circles {
        for times in [3, 40] {
            let query = bombs::around(circle, times);
            let answer = connection.exchange(&Request::query(&query)).await.unwrap();
            let verdict = judge(&answer).unwrap_or_else(|what| panic!("{circle:?} × {times}: {what}"));
            assert!(answer.body.len() < 1 << 20, "{circle:?} × {times}: {} bytes", answer.body.len());
            if times == 40 {
                assert_eq!(
                    verdict,
                    judgement::Verdict::Refused("QUERY_TOO_COMPLEX".to_owned()),
                    "{circle:?}"
                );
                refused += 1;
            }
        }
    }
    assert_eq!(refused, circles.len());
    target.answers(&mut connection).await;
    target.end();
}

#[tokio::test]
async fn nothing_is_smuggled_in_behind_a_request() {
    let target = Target::start(&UNHINDERED).await;
    let mut found = Vec::new();
    for smuggled in smuggling::all() {
        match wire::send_and_end(target.address, &smuggled.bytes).await {
            Ok(answers) => {
                let wrong = answers.iter().filter_map(|answer| judge(answer).err()).next();
                let hidden = answers.iter().any(|answer| answer.body == b"alive\n");
                if hidden || answers.len() > 1 || wrong.is_some() {
                    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
                    found.push(format!("{}: {statuses:?} {wrong:?}", smuggled.name));
                }
            }
            Err(error) => found.push(format!("{}: {error}", smuggled.name)),
        }
        target.answers(&mut Connection::to(target.address)).await;
    }
    target.end();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
