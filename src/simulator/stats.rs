//! What clients did, for tests to assert and for people to look at.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::sliding::SlidingSecond;

const KEPT_BATCHES: usize = 10_000;
const KEPT_IDS: usize = 100_000;

/// What clients have done since the simulator began. Also served as JSON at `GET
/// /_simulator/stats`, which is not counted itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Calls of the API, answered well or not. The token endpoint and SCIM, which at Gong have
    /// another host, count below only.
    pub calls: u64,
    /// The same by endpoint.
    pub calls_by_endpoint: CallsByEndpoint,
    /// Pages of users that were given, by `GET /v2/users` and by `POST /v2/users/extensive`.
    pub pages_listed: u64,
    /// Calls that are being answered at this moment.
    pub in_flight: usize,
    /// The most calls at once, those refused included: a client that keeps to a limit of 3 never
    /// makes it 4.
    pub most_in_flight: usize,
    /// The most calls that came in within any one second, those refused included.
    pub most_starts_in_a_second: usize,
    /// Calls refused with 429.
    pub refused: u64,
    /// Calls refused with 401, or 403 for an access token at a wrong host.
    pub unauthorised: u64,
    /// The number of `userIds` of each `extensive` call for a first page that had any. The last
    /// 10,000.
    pub lookup_batches: Vec<usize>,
    /// How often each user was asked for by id, with `extensive` (first pages) or with `GET
    /// /v2/users/{id}`, whether found or not. Of the last 100,000 ids.
    pub ids_looked_up: BTreeMap<String, u64>,
}

/// Calls by endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallsByEndpoint {
    /// `GET /v2/users`
    pub users: u64,
    /// `GET /v2/users/{id}`
    pub user: u64,
    /// `POST /v2/users/extensive`
    pub users_extensive: u64,
    /// `GET /v2/users/{id}/settings-history`
    pub settings_history: u64,
    /// `GET /v2/calls`
    pub calls: u64,
    /// `POST /v2/calls/extensive`
    pub calls_extensive: u64,
    /// `POST /v2/stats/activity/aggregate`
    pub activity: u64,
    /// `GET /v2/settings/scorecards`
    pub scorecards: u64,
    /// `GET /v2/workspaces`
    pub workspaces: u64,
    /// `GET /v2/coaching`
    pub coaching: u64,
    /// `POST /oauth2/generate-customer-token`
    pub oauth_token: u64,
    /// SCIM, all of it.
    pub scim: u64,
    /// Other paths and wrong methods.
    pub other: u64,
}

/// What a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Users,
    User,
    UsersExtensive,
    SettingsHistory,
    Calls,
    CallsExtensive,
    Activity,
    Scorecards,
    Workspaces,
    Coaching,
    OauthToken,
    Scim,
    Other,
}

impl CallsByEndpoint {
    fn count(&mut self, endpoint: Endpoint) {
        *match endpoint {
            Endpoint::Users => &mut self.users,
            Endpoint::User => &mut self.user,
            Endpoint::UsersExtensive => &mut self.users_extensive,
            Endpoint::SettingsHistory => &mut self.settings_history,
            Endpoint::Calls => &mut self.calls,
            Endpoint::CallsExtensive => &mut self.calls_extensive,
            Endpoint::Activity => &mut self.activity,
            Endpoint::Scorecards => &mut self.scorecards,
            Endpoint::Workspaces => &mut self.workspaces,
            Endpoint::Coaching => &mut self.coaching,
            Endpoint::OauthToken => &mut self.oauth_token,
            Endpoint::Scim => &mut self.scim,
            Endpoint::Other => &mut self.other,
        } += 1;
    }
}

/// The statistics in the making.
#[derive(Default)]
pub(super) struct Ledger(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// Without what a snapshot works out: calls in flight, and the look-ups kept below.
    stats: Stats,
    arrivals: SlidingSecond,
    batches: VecDeque<usize>,
    ids: VecDeque<String>,
}

impl Ledger {
    /// A call came in, while so many were in flight together with it.
    pub(super) fn arrived(&self, endpoint: Endpoint, in_flight: usize) {
        let mut entries = self.entries();
        let starts = entries.arrivals.push(Instant::now());
        let stats = &mut entries.stats;
        stats.calls += 1;
        stats.calls_by_endpoint.count(endpoint);
        stats.most_in_flight = stats.most_in_flight.max(in_flight);
        stats.most_starts_in_a_second = stats.most_starts_in_a_second.max(starts);
    }

    /// A call came in that no limit counts.
    pub(super) fn arrived_beside(&self, endpoint: Endpoint) {
        self.entries().stats.calls_by_endpoint.count(endpoint);
    }

    /// A call was refused by a limit.
    pub(super) fn refused(&self) {
        self.entries().stats.refused += 1;
    }

    /// A call had a wrong key or none.
    pub(super) fn unauthorised(&self) {
        self.entries().stats.unauthorised += 1;
    }

    /// A page of users was given.
    pub(super) fn page_listed(&self) {
        self.entries().stats.pages_listed += 1;
    }

    /// Users were asked for by id together.
    pub(super) fn batch_looked_up(&self, ids: &[String]) {
        let mut entries = self.entries();
        keep_last(&mut entries.batches, ids.len(), KEPT_BATCHES);
        for id in ids {
            keep_last(&mut entries.ids, id.clone(), KEPT_IDS);
        }
    }

    /// A user was asked for by id alone.
    pub(super) fn user_looked_up(&self, id: &str) {
        keep_last(&mut self.entries().ids, id.to_owned(), KEPT_IDS);
    }

    /// The statistics as they stand.
    pub(super) fn snapshot(&self, in_flight: usize) -> Stats {
        let entries = self.entries();
        let mut ids_looked_up = BTreeMap::new();
        for id in &entries.ids {
            *ids_looked_up.entry(id.clone()).or_default() += 1;
        }
        let lookup_batches = entries.batches.iter().copied().collect();
        Stats { in_flight, lookup_batches, ids_looked_up, ..entries.stats.clone() }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keep_last<T>(kept: &mut VecDeque<T>, newest: T, most: usize) {
    if kept.len() == most {
        kept.pop_front();
    }
    kept.push_back(newest);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_busiest_second_may_lie_anywhere() {
        let ledger = Ledger::default();
        for pause in [0, 700, 200, 200, 900] {
            tokio::time::advance(Duration::from_millis(pause)).await;
            ledger.arrived(Endpoint::Users, 1);
        }
        assert_eq!(ledger.snapshot(0).most_starts_in_a_second, 3);
    }

    #[test]
    fn only_the_last_look_ups_are_kept() {
        let ledger = Ledger::default();
        ledger.user_looked_up("oldest");
        for _ in 0..=KEPT_BATCHES {
            ledger.batch_looked_up(&vec!["5".to_owned(); 10]);
        }
        let stats = ledger.snapshot(0);
        assert_eq!(stats.lookup_batches.len(), KEPT_BATCHES);
        assert_eq!(stats.ids_looked_up, BTreeMap::from([("5".to_owned(), KEPT_IDS as u64)]));
    }
}
