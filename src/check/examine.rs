//! The walk through all that is looked at, one call after the other.

use std::{convert::identity, pin::pin, sync::Arc};

use futures_util::TryStreamExt;

use super::{
    company,
    finding::{Cause, Finding, Topic},
    quota, reach,
    report::{Calls, Report},
    scopes::{self, Example},
    state::{self, Disk},
};
use crate::{
    clock::Clock,
    directory::Breach,
    gong::{self, Credentials, Fetched, Gong, GongError, Listed, Page, Refusal, SettingsError},
    org::OrgSnapshot,
    sync::{self, Look},
};

/// One check, as far as it has come.
pub struct Examination {
    gong: Arc<Gong>,
    base_url: String,
    credentials: Credentials,
    sync: sync::Settings,
    clock: Clock,
    disk: Disk,
    report: Report,
}

impl Examination {
    /// A check of these settings that makes `at_most` calls. Nothing is sent yet.
    ///
    /// # Errors
    /// If a setting can't be used.
    pub fn new(
        gong: &gong::Settings,
        sync: sync::Settings,
        mut disk: Disk,
        clock: Clock,
        at_most: u32,
    ) -> Result<Self, SettingsError> {
        let client = Arc::new(Gong::new(gong, clock.clone(), fastrand::Rng::new())?);
        client.limiter().count_earlier(std::mem::take(&mut disk.spent));
        client.limiter().allow_only(at_most);
        let report = Report {
            calls: Calls { at_most, made: 0 },
            findings: std::mem::take(&mut disk.findings),
            state: disk.facts.take(),
            ..Report::default()
        };
        let (base_url, credentials) = (gong.base_url.clone(), gong.credentials.clone());
        Ok(Self { gong: client, base_url, credentials, sync, clock, disk, report })
    }

    /// What was found so far.
    pub fn findings(&self) -> &[Finding] {
        &self.report.findings
    }

    /// Asks Gong. What comes back is a look at the company that may be [taken](Look::take), if there are calls
    /// enough for it, and given to [`looked`](Self::looked).
    pub async fn ask(&mut self) -> Option<Look> {
        if !self.may_ask() {
            return None;
        }
        let first = {
            let mut pages = pin!(self.gong.users(identity));
            pages.try_next().await
        };
        let heard = self.gong.heard();
        let page = match first {
            Ok(Some(Listed::Page(page))) => page,
            Ok(_) => return None, // no listing begins otherwise
            Err(error) => {
                let failure = reach::failure(&error, &self.credentials, &self.base_url);
                if let Some(heard) = heard.filter(|_| failure.topic != Topic::Host) {
                    self.heard(&heard);
                }
                self.tell(failure);
                return None;
            }
        };
        if let Some(heard) = &heard {
            self.heard(heard);
        }
        let kind = reach::kind(&self.credentials);
        self.tell(Finding::fine(Topic::Credentials, format!("Gong takes the {kind}")));
        self.scopes(&page).await;
        let users = page.total.unwrap_or(page.items.len() as u64);
        let limits = self.gong.limiter().limits();
        let facts = quota::facts(users, &self.sync, &limits, &self.gong.limiter().usage());
        let findings = quota::findings(&facts, &self.sync, &limits);
        self.report.findings.extend(findings);
        self.report.quota = Some(facts);
        self.look(facts.calls_per_scan)
    }

    /// What a look has brought.
    pub fn looked(&mut self, look: Result<(OrgSnapshot, Vec<Breach>), Arc<GongError>>) {
        match look {
            Ok((snapshot, breaches)) => self.company(&snapshot, 0, &breaches),
            Err(error) => match &*error {
                GongError::NotAsked(Refusal::NoneLeft) => {
                    let told = "reading everybody takes more calls than were left";
                    self.tell(Finding::skipped(Topic::Company, told).advised("allow more with --max-calls"));
                }
                error => {
                    let told = reach::failure(error, &self.credentials, &self.base_url);
                    self.tell(told);
                }
            },
        }
    }

    /// Waits for a token that is on its way, keeps count of the calls, and tells everything.
    pub async fn finish(mut self) -> Report {
        self.gong.settled().await;
        let limiter = self.gong.limiter();
        self.report.calls.made = self.report.calls.at_most.saturating_sub(limiter.allowed().unwrap_or(0));
        if let Some(facts) = &mut self.report.quota {
            facts.calls_today = limiter.usage().calls_today;
        }
        let (hours, store) = (limiter.spent_by_hour(), self.disk.store.take());
        let kept = tokio::task::spawn_blocking(move || state::keep_count(store.as_deref(), &hours)).await;
        if let Ok(Err(error)) = kept {
            let advice = "the calls of this check are not counted by the service";
            self.tell(Finding::warning(Topic::State, error.to_string(), advice));
        }
        self.report.exit_code = self.report.cause().map_or(0, Cause::exit_code);
        self.report
    }

    /// Two processes can't share a consent, and a refresh token is good for one use.
    fn may_ask(&mut self) -> bool {
        if !matches!(self.credentials, Credentials::OAuth(_)) || self.disk.store.is_some() {
            return true;
        }
        let told = if self.disk.in_use {
            Finding::skipped(
                Topic::Credentials,
                "the tokens are the running service's: if two processes refresh them the consent is lost",
            )
            .advised("ask the service: `{ syncStatus { state lastFailure { message } } }`")
        } else {
            Finding::failed(
                Topic::Credentials,
                Cause::State,
                "Gong isn't asked: a refresh token is good for one use, and the next one could not be kept",
                "name a state directory that can be written (ORGRAPH_STATE_DIR), the one that the service will have",
            )
        };
        self.tell(told);
        false
    }

    fn heard(&mut self, heard: &gong::Heard) {
        self.tell(reach::answers(heard, &self.base_url));
        self.tell(reach::clock(heard));
        self.report.gong = Some(reach::facts(heard));
    }

    async fn scopes(&mut self, page: &Page<Fetched<gong::User>>) {
        let Some(first) = page.items.first().map(|user| &user.value) else {
            return self.tell(Finding::skipped(Topic::Scopes, "there is nobody to ask about"));
        };
        let manager = page.items.iter().find_map(|user| user.value.manager_id.clone());
        let user = first.id.clone();
        let example = Example { manager: manager.unwrap_or_else(|| user.clone()), user };
        let probed = scopes::probe(&self.gong, &self.clock, &example).await;
        self.report.findings.extend(scopes::findings(&probed));
        self.report.scopes = probed.into_iter().map(|(fact, _)| fact).collect();
        // The connection is open by now.
        if let (Some(facts), Some(heard)) = (&mut self.report.gong, self.gong.heard()) {
            facts.latency_ms = facts.latency_ms.min(reach::facts(&heard).latency_ms);
        }
    }

    /// A look for so many calls, or what the state directory tells instead.
    fn look(&mut self, calls: u32) -> Option<Look> {
        let limiter = self.gong.limiter();
        let limits = limiter.limits();
        let for_scans = limits.daily_budget.saturating_sub(limits.lookup_reserve);
        let today = for_scans.saturating_sub(limiter.usage().calls_today);
        let allowed = limiter.allowed().unwrap_or(u32::MAX);
        if calls <= allowed && calls <= today {
            return Some(Look::new(self.gong.clone(), self.clock.clone()));
        }
        if let Some(snapshot) = self.disk.snapshot.take() {
            let age = self.clock.now().duration_since(snapshot.taken_at).as_secs();
            self.company(&snapshot, age, &[]);
            return None;
        }
        let skipped = if calls > today {
            let told =
                format!("reading everybody takes {calls} calls, and the day has {today} left for scans");
            Finding::skipped(Topic::Company, told)
        } else {
            let made = self.report.calls.at_most.saturating_sub(allowed);
            let needed = made.saturating_add(calls).saturating_add(calls / 50 + 2);
            Finding::skipped(
                Topic::Company,
                format!("reading everybody takes {calls} calls, of which {allowed} are allowed"),
            )
            .advised(format!("--max-calls {needed} allows it"))
        };
        self.tell(skipped);
        None
    }

    fn company(&mut self, snapshot: &OrgSnapshot, age_seconds: i64, breaches: &[Breach]) {
        let facts = company::facts(snapshot, age_seconds);
        self.report.findings.extend(company::findings(&facts, breaches));
        self.report.company = Some(facts);
    }

    fn tell(&mut self, finding: Finding) {
        self.report.findings.push(finding);
    }
}
