//! A first look at the company itself.

use std::collections::BTreeMap;

use super::{
    finding::{Finding, Topic},
    report::CompanyFacts,
    state::span,
};
use crate::{
    directory::Breach,
    org::{Bounds, OrgSnapshot, Severity, UserIndex, UserKind},
};

/// Counts what is there. An avatar is nobody of the company's.
pub(super) fn facts(snapshot: &OrgSnapshot, age_seconds: i64) -> CompanyFacts {
    let graph = &snapshot.graph;
    let persons = graph.users().iter().filter(|user| user.kind() == UserKind::Person);
    let mut facts = CompanyFacts {
        users: graph.person_count(),
        active: persons.clone().filter(|user| user.active()).count() as u32,
        roots: 0,
        rings: graph.rings().len() as u32,
        orphans: BTreeMap::new(),
        issues: BTreeMap::from(["error", "warning", "info"].map(|name| (name, 0))),
        records_refused: snapshot.checks.records_refused,
        age_seconds,
    };
    for person in persons {
        let Some(at) = graph.find(person.id()) else { continue };
        count(&mut facts, snapshot, at);
    }
    for issue in graph.issues(Bounds::USUAL).all() {
        *facts.issues.entry(severity(issue.severity)).or_default() += 1;
    }
    facts
}

fn count(facts: &mut CompanyFacts, snapshot: &OrgSnapshot, person: UserIndex) {
    let graph = &snapshot.graph;
    if let Some(why) = graph.orphan_reason(person) {
        *facts.orphans.entry(why.name()).or_default() += 1;
    } else if graph.user(person).manager_id().is_none() {
        facts.roots += 1;
    }
}

/// What is told of it.
pub(super) fn findings(facts: &CompanyFacts, breaches: &[Breach]) -> Vec<Finding> {
    let CompanyFacts { users, active, roots, records_refused, age_seconds, .. } = facts;
    let from = if *age_seconds > 0 {
        format!(", as of {} ago, from the state directory", span(*age_seconds))
    } else {
        String::new()
    };
    let plural = if *roots == 1 { "" } else { "s" };
    let told = format!("{users} people, {active} of them active, below {roots} root{plural}{from}");
    let mut findings = vec![match (users, active) {
        (0, _) => {
            let advice =
                "see whether GONG_BASE_URL and the credentials are this company's: Gong lists nobody in it";
            Finding::warning(Topic::Company, told, advice)
        }
        (_, 0) => {
            let advice = "see in Gong whether people were deactivated: nobody who still works here is left";
            Finding::warning(Topic::Company, told, advice)
        }
        _ => Finding::fine(Topic::Company, told),
    }];
    for breach in breaches {
        let advice = "a service would hold this scan back; see docs/reliability.md on the quarantine";
        findings.push(Finding::warning(Topic::Company, breach.to_string(), advice));
    }
    if *records_refused > 0 {
        let told = format!("{records_refused} records can't be read");
        let advice = "see `syncStatus { refusedRecords { userId path cause } }` of the running service";
        findings.push(Finding::warning(Topic::Company, told, advice));
    }
    let orphans: u32 = facts.orphans.values().sum();
    if orphans > 0 {
        let rings = match facts.rings {
            0 => String::new(),
            1 => " (1 ring)".to_owned(),
            rings => format!(" ({rings} rings)"),
        };
        let each = listed(&facts.orphans);
        let told = format!("{orphans} people have a broken or missing line to a root: {each}{rings}");
        let advice = "`{ orphans { edges { reason node { id name } } } }` names them; Gong is where they are put right";
        findings.push(Finding::warning(Topic::Company, told, advice));
    }
    let found = |name| facts.issues.get(name).copied().unwrap_or(0);
    let told = format!(
        "issues by severity: {} ERROR, {} WARNING, {} INFO",
        found("error"),
        found("warning"),
        found("info")
    );
    findings.push(match found("error") {
        0 => Finding::fine(Topic::Company, told),
        _ => {
            let advice = "`{ orgHealth { nodes { severity summary advice } } }` lists them, the worst first";
            Finding::warning(Topic::Company, told, advice)
        }
    });
    findings
}

fn listed(counts: &BTreeMap<&'static str, u32>) -> String {
    let each: Vec<_> = counts.iter().map(|(name, count)| format!("{count} {name}")).collect();
    each.join(", ")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
