//! What was measured, as text, as JSON and on the page.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    beside::Fact,
    page,
    rounds::{Driven, Share, median},
    wish::Wish,
};

/// The page of these figures.
const PAGE: &str = "performance.md";
/// Where the JSON of the last run is.
const FILE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/http.json");

/// Tells all of it as it is asked for.
pub(crate) fn tell(shares: &[Share], facts: &[Fact], on_cores: bool, wish: &Wish) {
    let all = json!({
        "servers and generator have a core each": on_cores,
        "shares": shares.iter().map(share).collect::<Vec<_>>(),
        "facts": facts.iter().map(fact).collect::<Vec<_>>(),
    });
    std::fs::write(FILE, format!("{all:#}")).expect("a place for the figures");
    let table = format!("{}\n{}", table_of_shares(shares), table_of_facts(facts));
    match wish.json {
        true => println!("{all:#}"),
        false => println!("\n{table}\nas JSON: {FILE}"),
    }
    for share in shares.iter().filter(|share| share.generator_was_busy()) {
        eprintln!("{}: the generator was the bottleneck; per CPU-second it holds all the same", share.name);
    }
    page::write(PAGE, "http", table.trim_end());
}

fn table_of_shares(shares: &[Share]) -> String {
    let mut table =
        "| question | bytes of an answer | held against | share | least to most | at least | | \
        requests per CPU-second, service and other | per second |\n|---|---:|---|---:|---:|---:|---|---:|---:|\n"
            .to_owned();
    for share in shares {
        let all = share.shares();
        let [ours, other] = [figures(share, |round| round.0), figures(share, |round| round.1)];
        _ = writeln!(
            table,
            "| {} | {} | {} | {:.2} | {:.2} to {:.2} | {} | {} | {:.0}, {:.0} | {:.0}, {:.0} |",
            share.name,
            share.answer_bytes,
            share.other,
            share.median(),
            all[0],
            all[all.len() - 1],
            share.bound.map(|bound| format!("{bound:.2}")).unwrap_or_default(),
            held(share.bound.map(|bound| share.median() >= bound)),
            ours.per_cpu_second,
            other.per_cpu_second,
            ours.per_second,
            other.per_second,
        );
    }
    table
}

fn table_of_facts(facts: &[Fact]) -> String {
    let mut table = "| what | measured | at most | | |\n|---|---:|---:|---|---|\n".to_owned();
    for Fact { name, bound, value, unit, remark } in facts {
        let most = bound.map(|bound| format!("{bound} {unit}")).unwrap_or_default();
        let held = held(bound.map(|bound| *value <= bound));
        _ = writeln!(table, "| {name} | {value:.2} {unit} | {} | {held} | {remark} |", most.trim());
    }
    table
}

fn held(held: Option<bool>) -> &'static str {
    match held {
        Some(true) => "held",
        Some(false) => "**missed**",
        None => "",
    }
}

/// The median of each figure of one side.
fn figures(share: &Share, side: impl Fn(&(Driven, Driven)) -> Driven) -> Driven {
    let of =
        |figure: fn(&Driven) -> f64| median(share.rounds.iter().map(|round| figure(&side(round))).collect());
    Driven {
        per_cpu_second: of(|driven| driven.per_cpu_second),
        per_second: of(|driven| driven.per_second),
        server_busy: of(|driven| driven.server_busy),
        generator_busy: of(|driven| driven.generator_busy),
    }
}

fn share(share: &Share) -> Value {
    let side = |of: Driven| {
        json!({
            "requests per CPU-second": of.per_cpu_second,
            "requests per second": of.per_second,
            "busy": of.server_busy,
            "generator busy": of.generator_busy,
        })
    };
    json!({
        "question": share.name,
        "bytes of an answer": share.answer_bytes,
        "held against": share.other,
        "share": share.median(),
        "shares": share.shares(),
        "at least": share.bound,
        "held": share.bound.map(|bound| share.median() >= bound),
        "service": side(figures(share, |round| round.0)),
        "other": side(figures(share, |round| round.1)),
        "generator was the bottleneck": share.generator_was_busy(),
    })
}

fn fact(fact: &Fact) -> Value {
    json!({
        "what": fact.name,
        "measured": fact.value,
        "unit": fact.unit,
        "at most": fact.bound,
        "held": fact.bound.map(|bound| fact.value <= bound),
        "remark": fact.remark,
    })
}
