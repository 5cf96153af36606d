//! `orgraph check`: what the doctor says of services that would do and of those that wouldn't, and what it costs.

mod page;
mod trouble;

use std::collections::BTreeSet;

use orgraph::simulator::{SimUser, Simulator, Workspace};
use serde_json::Value;

use crate::support::{Scratch, example, orgraph, serve, shipped_company, simulate};

/// What a check said, and how it ended.
struct Checked {
    code: i32,
    said: String,
}

impl Checked {
    fn report(&self) -> Value {
        serde_json::from_str(&self.said).unwrap_or_else(|error| panic!("{error}: {}", self.said))
    }
}

/// Runs `orgraph check` with the key that every simulator here takes.
async fn check(url: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Checked {
    let mut command = tokio::process::Command::from(orgraph());
    command.env("GONG_BASE_URL", url).env("ORGRAPH_GONG_MAX_PER_SECOND", "1000").arg("check");
    if !variables.iter().any(|(name, _)| name.starts_with("GONG_C")) {
        command.env("GONG_ACCESS_KEY", "key").env("GONG_ACCESS_KEY_SECRET", "canary-secret");
    }
    let output = command.args(arguments).envs(variables.iter().copied()).output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("canary") && !errors.contains("canary"), "{said}{errors}");
    Checked { code: output.status.code().unwrap(), said: said + &errors }
}

/// The same as JSON; holds the calls that were made against what the simulator has seen.
async fn report(simulator: &Simulator, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, Value) {
    let before = simulator.stats().calls;
    let arguments = [arguments, &["--json"]].concat();
    let checked = check(&serve(simulator).await, &arguments, variables).await;
    let report = checked.report();
    assert_eq!(report["exitCode"], checked.code, "{report}");
    let made = simulator.stats().calls - before;
    assert_eq!(report["calls"]["made"], made, "{report}");
    assert!(made <= report["calls"]["atMost"].as_u64().unwrap(), "{report}");
    (checked.code, report)
}

fn verdicts<'a>(report: &'a Value, topic: &str) -> Vec<&'a str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["topic"] == topic)
        .map(|finding| finding["verdict"].as_str().unwrap())
        .collect()
}

/// Every field of an object, by its path.
fn paths(value: &Value, above: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| {
            let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            into.insert(path.clone());
            paths(value, &path, into);
        }),
        Value::Array(items) => items.iter().for_each(|item| paths(item, above, into)),
        _ => {}
    }
}

#[tokio::test]
async fn a_service_that_would_do_is_told_so_with_its_figures() {
    let simulator = simulate(shipped_company());
    let state = Scratch::new();
    let kept = [("ORGRAPH_STATE_DIR", state.path().to_str().unwrap())];
    let (code, report) = report(&simulator, &[], &kept).await;
    assert_eq!(code, 0, "{report}");
    for topic in ["state", "host", "credentials", "scopes", "clock", "quota"] {
        assert!(verdicts(&report, topic).iter().all(|verdict| *verdict == "fine"), "{topic}: {report}");
    }
    assert_eq!(report["quota"]["users"], 273);
    assert_eq!(report["quota"]["callsPerScan"], 3);
    assert_eq!(report["quota"]["callsToday"], report["calls"]["made"]);
    assert_eq!(report["company"]["users"], 273);
    assert_eq!(report["company"]["orphans"]["MANAGER_NOT_FOUND"], 16);
    assert_eq!(report["company"]["orphans"].as_object().unwrap().len(), 2, "{report}");

    // What was spent counts for whoever comes next, the service or another check.
    let (_, again) = self::report(&simulator, &["--max-calls", "6"], &kept).await;
    let made = |report: &Value| report["calls"]["made"].as_u64().unwrap();
    assert_eq!(again["quota"]["callsToday"], made(&report) + made(&again));
    assert_eq!(verdicts(&again, "company"), ["skipped"]);
    assert!(again["company"].is_null());
}

/// Programs read these: to take one away, or to call it otherwise, breaks them.
#[tokio::test]
async fn the_fields_of_the_json_are_those_that_are_promised() {
    let (_, report) = report(&simulate(Workspace::new(example::company())), &[], &[]).await;
    let mut found = BTreeSet::new();
    paths(&report, "", &mut found);
    let found: Vec<_> = found.iter().filter(|path| !path.starts_with("company.orphans.")).cloned().collect();
    let page = crate::support::text("docs/commands.md");
    let (_, table) = page.split_once("<!-- fields of the check -->").unwrap();
    let (table, _) = table.split_once("<!-- end of the fields -->").unwrap();
    let told: BTreeSet<_> =
        table.lines().filter_map(|line| line.split('`').nth(1)).map(str::to_owned).collect();
    let told: Vec<_> = told.into_iter().filter(|path| !path.starts_with("state.")).collect();
    assert_eq!(
        found.iter().filter(|path| !path.starts_with("state.")).collect::<Vec<_>>(),
        told.iter().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_ring_and_other_faults_of_the_company_are_told_and_are_no_failure() {
    let simulator = simulate(Workspace::new(example::company()));
    let (code, report) = report(&simulator, &[], &[]).await;
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["company"]["rings"], 1);
    let orphans = serde_json::json!({
        "MANAGEMENT_CYCLE": 2, "MANAGER_INACTIVE": 1, "MANAGER_IS_SELF": 1, "MANAGER_NOT_FOUND": 1, "NO_MANAGER": 1,
    });
    assert_eq!(report["company"]["orphans"], orphans);
    assert!(verdicts(&report, "company").contains(&"warning"));
    let (strict, _) = self::report(&simulator, &["--strict"], &[]).await;
    assert_eq!(strict, 1);
}

#[tokio::test]
async fn no_more_calls_are_made_than_were_told() {
    let simulator = simulate(Workspace::generate(1_000, 3));
    // Six questions and ten pages; with one call less than that nobody is read, and with no more those managers
    // can't be asked for whom nobody lists.
    for (allowed, told) in [("6", "skipped"), ("15", "skipped"), ("16", "skipped"), ("100", "fine")] {
        let (code, report) = report(&simulator, &["--max-calls", allowed], &[]).await;
        assert_eq!((code, verdicts(&report, "company")[0]), (0, told), "{allowed}: {report}");
    }
}

#[tokio::test]
async fn a_company_in_which_nobody_works_is_looked_at() {
    let simulator = simulate(Workspace::new(Vec::new()));
    let (code, report) = report(&simulator, &[], &[]).await;
    assert_eq!((code, verdicts(&report, "company")[0]), (0, "warning"), "{report}");
    let strict = check(&serve(&simulator).await, &["--strict"], &[]).await;
    assert!(strict.code == 1 && strict.said.contains("Gong lists nobody"), "{}", strict.said);
    let left = example::company().into_iter().map(|user| SimUser { active: false, ..user });
    let left = check(&serve(&simulate(Workspace::new(left.collect()))).await, &["--strict"], &[]).await;
    assert!(left.code == 1 && left.said.contains("nobody who still works here"), "{}", left.said);
}
