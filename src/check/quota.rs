//! What scans cost of the day: arithmetic, without a call.

use super::{
    finding::{Cause, Finding, Topic},
    report::QuotaFacts,
};
use crate::{
    gong::{Limits, Usage},
    sync::{Interval, Settings},
};

const DAY: u64 = 24 * 60 * 60;
/// A page of Gong's.
const PAGE: u64 = 100;

/// The figures for a company of so many users, with what the day has already seen.
pub(super) fn facts(users: u64, sync: &Settings, limits: &Limits, usage: &Usage) -> QuotaFacts {
    let calls_per_scan = u32::try_from(users.div_ceil(PAGE).max(1)).unwrap_or(u32::MAX);
    let interval = sync.interval.for_cost(calls_per_scan, sync.share, limits, usage).as_secs().max(1);
    let scans_per_day = DAY.div_ceil(interval);
    let calls_per_day = scans_per_day.saturating_mul(u64::from(calls_per_scan));
    QuotaFacts {
        users,
        calls_per_scan,
        scan_seconds: calls_per_scan.div_ceil(limits.max_per_second.max(1)),
        interval_seconds: interval,
        scans_per_day,
        calls_per_day,
        daily_budget: limits.daily_budget,
        lookup_reserve: limits.lookup_reserve,
        calls_today: usage.calls_today,
        left_per_day: u64::from(limits.daily_budget).saturating_sub(calls_per_day),
    }
}

/// What is told of them.
pub(super) fn findings(facts: &QuotaFacts, sync: &Settings, limits: &Limits) -> Vec<Finding> {
    let QuotaFacts { users, calls_per_scan, scan_seconds, interval_seconds, scans_per_day, .. } = facts;
    let QuotaFacts { calls_per_day, daily_budget, left_per_day, calls_today, .. } = facts;
    let for_scans = limits.daily_budget.saturating_sub(limits.lookup_reserve);
    if let Err(too_often) = sync.interval.fits(*calls_per_scan, limits) {
        let advice = "take --refresh-interval auto, or the shortest interval that fits";
        return vec![Finding::failed(Topic::Quota, Cause::Quota, too_often.to_string(), advice)];
    }
    if *calls_per_scan > for_scans {
        let told = format!(
            "{users} users take {calls_per_scan} calls a scan, and a day has {for_scans} for scans: no scan comes \
             to its end"
        );
        let advice = "ask Gong's support for more calls a day, and say so with --gong-daily-budget";
        return vec![Finding::failed(Topic::Quota, Cause::Quota, told, advice)];
    }
    let chosen = if sync.interval == Interval::Auto { " (auto)" } else { "" };
    let share = percent(*calls_per_day, u64::from(*daily_budget));
    let told = format!(
        "{users} users are {calls_per_scan} calls and {scan_seconds} s a scan; every {interval_seconds} s{chosen} \
         that is {scans_per_day} scans and {calls_per_day} of {daily_budget} calls a day ({share} %), \
         {left_per_day} are left"
    );
    let mut findings = vec![if calls_per_day.saturating_mul(2) > u64::from(*daily_budget) {
        let advice = "leave other integrations more with a longer --refresh-interval: the day's calls are the \
                      company's, not orgraph's alone";
        Finding::warning(Topic::Quota, told, advice)
    } else {
        Finding::fine(Topic::Quota, told)
    }];
    if calls_today.saturating_mul(10) > daily_budget.saturating_mul(8) {
        let told = format!("{calls_today} of the day's {daily_budget} calls are made already");
        let advice = "scans wait until calls of a day ago no longer count; look-ups have their reserve";
        findings.push(Finding::warning(Topic::Quota, told, advice));
    }
    findings
}

fn percent(part: u64, whole: u64) -> u64 {
    (part.saturating_mul(100) + whole / 2) / whole.max(1)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::check::Verdict;

    fn told(users: u64, interval: &str, calls_today: u32) -> (QuotaFacts, Vec<Finding>) {
        let sync = Settings { interval: interval.parse().unwrap(), ..Settings::default() };
        let limits = Limits::default();
        let usage = Usage {
            in_flight: 0,
            starts_in_last_second: 0,
            calls_today,
            lookups_today: 0,
            daily_budget: limits.daily_budget,
            closed_until: None,
        };
        let facts = facts(users, &sync, &limits, &usage);
        (facts, findings(&facts, &sync, &limits))
    }

    #[test]
    fn the_day_is_worked_out_from_the_size() {
        let (facts, findings) = told(10_050, "auto", 0);
        insta::assert_snapshot!(findings[0].message, @"10050 users are 101 calls and 34 s a scan; every 3600 s (auto) that is 24 scans and 2424 of 10000 calls a day (24 %), 7576 are left");
        assert_eq!((facts.calls_per_scan, facts.scans_per_day, facts.left_per_day), (101, 24, 7_576));
        assert_eq!(findings.len(), 1);
    }

    #[test]
    fn what_does_not_fit_fails_and_what_is_much_is_told() {
        let verdicts = |users, interval, today| -> Vec<_> {
            told(users, interval, today).1.iter().map(|finding| finding.verdict).collect()
        };
        assert_eq!(verdicts(0, "auto", 0), [Verdict::Fine]);
        assert_eq!(verdicts(10_000, "15m", 0), [Verdict::Failed], "9,600 of 9,000 calls");
        assert_eq!(verdicts(10_000, "20m", 0), [Verdict::Warning]);
        assert_eq!(verdicts(900_000, "auto", 0), [Verdict::Warning], "one scan takes the day");
        assert_eq!(verdicts(900_001, "auto", 0), [Verdict::Failed]);
        assert_eq!(verdicts(u64::MAX, "auto", 0), [Verdict::Failed]);
        assert_eq!(verdicts(100, "auto", 8_001), [Verdict::Fine, Verdict::Warning]);
        assert_eq!(told(273, "1h", 0).0.interval_seconds, Duration::from_secs(3_600).as_secs());
    }
}
