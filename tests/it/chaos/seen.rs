//! What was answered and published during the run, and whether it was right.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use fastrand::Rng;
use jiff::Timestamp;
use orgraph::{
    clock::Clock,
    org::{OrgSnapshot, UserParts},
};
use serde_json::{Value, json};
use tokio::{
    sync::watch::Receiver,
    time::{sleep, timeout},
};

use super::history::History;
use crate::{
    company::owned,
    oracle::{Company, FACTS, people_of},
    support::{Client, code},
};

/// How many newcomers a listing may miss without being doubted (`sync::guard`, the least tolerance).
const NEWCOMERS_MISSED: usize = 5;

#[derive(Default)]
pub(super) struct Seen {
    /// By version, each with the moment by which it was published.
    snapshots: Mutex<BTreeMap<u64, (Arc<OrgSnapshot>, Timestamp)>>,
    answers: Mutex<Vec<(u64, Value)>>,
    lookups: Mutex<Vec<Lookup>>,
    refused: AtomicU64,
    over: AtomicBool,
}

/// An answer about one person, and between which moments it was asked for and given.
struct Lookup {
    id: String,
    from: Timestamp,
    to: Timestamp,
    user: Value,
}

pub(super) struct Figures {
    snapshots: usize,
    answers: usize,
    lookups: usize,
    refused: u64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { snapshots, answers, lookups, refused } = self;
        write!(
            f,
            "{snapshots} snapshots, {answers} answers, {lookups} look-ups and {refused} that Gong gave no answer to"
        )
    }
}

/// Takes down every snapshot. A process serves none that is older than one that was served before.
pub(super) async fn watch(mut snapshots: Receiver<Option<Arc<OrgSnapshot>>>, seen: Arc<Seen>) {
    while !seen.is_over() {
        let snapshot = snapshots.borrow_and_update().clone();
        if let Some(snapshot) = snapshot {
            seen.snapshot(&snapshot, Clock::system().now());
        }
        let changed = timeout(Duration::from_millis(100), snapshots.changed());
        if changed.await.is_ok_and(|changed| changed.is_err()) {
            break;
        }
    }
}

/// Asks for everything, again and again.
pub(super) async fn ask(client: Client, seen: Arc<Seen>) {
    while !seen.is_over() {
        let mut answer = client.ask(FACTS).await;
        assert_eq!(code(&answer), "no error", "{answer}");
        let version = &answer["extensions"]["snapshot"]["version"];
        let version = version.as_str().map_or(version.as_u64(), |text| text.parse().ok()).unwrap();
        seen.answers.lock().unwrap().push((version, answer["data"].take()));
        sleep(Duration::from_millis(100)).await;
    }
}

/// Asks for somebody as they are now, again and again.
pub(super) async fn look_up(client: Client, history: Arc<History>, seen: Arc<Seen>, mut rng: Rng) {
    while !seen.is_over() {
        let id = history.somebody(rng.usize(..1_000_000));
        let from = Clock::system().now();
        let query = "query($id: ID!) { user(id: $id, maxAge: 0) { id title managerId active } }";
        let mut answer = client.ask_with(query, json!({ "id": id })).await;
        let to = Clock::system().now();
        match code(&answer) {
            "no error" => {
                let user = answer["data"]["user"].take();
                seen.lookups.lock().unwrap().push(Lookup { id, from, to, user });
            }
            "UPSTREAM_UNAVAILABLE" => _ = seen.refused.fetch_add(1, Relaxed),
            other => panic!("a look-up was answered {other}: {answer}"),
        }
        sleep(Duration::from_millis(rng.u64(100..1_000))).await;
    }
}

impl Seen {
    pub(super) fn snapshot(&self, snapshot: &Arc<OrgSnapshot>, now: Timestamp) {
        let mut snapshots = self.snapshots.lock().unwrap();
        let version = snapshot.version.as_u64();
        if let Some((latest, _)) = snapshots.last_key_value() {
            assert!(*latest <= version, "version {version} came after {latest}");
        }
        let (known, _) = snapshots.entry(version).or_insert_with(|| (snapshot.clone(), now));
        let is_the_same = Arc::ptr_eq(known, snapshot) || people_of(known) == people_of(snapshot);
        assert!(is_the_same, "version {version} has changed");
    }

    /// Tells the clients to come to an end.
    pub(super) fn let_go(&self) {
        self.over.store(true, Relaxed);
    }

    pub(super) fn go_on(&self) {
        self.over.store(false, Relaxed);
    }

    fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }

    /// Holds everything against what Gong said.
    pub(super) fn judge(&self, history: &History, patience: Duration) -> Figures {
        let snapshots = self.snapshots.lock().unwrap();
        let mut before: Option<&Arc<OrgSnapshot>> = None;
        for (snapshot, published) in snapshots.values() {
            records_were_said(snapshot, history, patience);
            nobody_is_lost(snapshot, before.map(|before| &**before), *published, history);
            before = Some(snapshot);
        }

        let companies: BTreeMap<u64, Company> = snapshots
            .iter()
            .map(|(version, (snapshot, _))| (*version, Company::served_by(snapshot)))
            .collect();
        let answers = self.answers.lock().unwrap();
        // Who watches may miss a version that the next one follows at once.
        let unseen = answers.iter().filter(|(version, _)| !companies.contains_key(version)).count();
        assert!(unseen <= answers.len() / 20, "{unseen} of {} answers are of versions unseen", answers.len());
        for (version, data) in answers.iter() {
            let Some(company) = companies.get(version) else { continue };
            assert_eq!(company.differs_from_answer(data), None, "an answer of version {version}");
        }

        let lookups = self.lookups.lock().unwrap();
        for Lookup { id, from, to, user } in lookups.iter() {
            let was_so = history.ever(*from, *to, |era| match history.said(era, id) {
                None => user.is_null(),
                Some(said) => {
                    *user
                        == json!({ "id": id, "title": said.title.as_deref(),
                    "managerId": said.manager_id.as_deref(), "active": said.active })
                }
            });
            assert!(was_so, "{id} was never {user} between {from} and {to}");
        }
        assert!(snapshots.len() > 3 && answers.len() > 20 && !lookups.is_empty(), "nothing has happened");
        Figures {
            snapshots: snapshots.len(),
            answers: answers.len(),
            lookups: lookups.len(),
            refused: self.refused.load(Relaxed),
        }
    }
}

/// Every record is what Gong said when it was asked for, and none is older than the scan unless it says so.
fn records_were_said(snapshot: &OrgSnapshot, history: &History, patience: Duration) {
    let version = snapshot.version;
    let records = snapshot.graph.users().iter().map(owned);
    let wrong: Vec<UserParts> = records.filter(|record| !history.knows(record, patience)).collect();
    let told = wrong.first().map(|record| history.tell(record, patience));
    assert!(
        wrong.is_empty(),
        "{} records in version {version} are not what Gong said: {told:?}",
        wrong.len()
    );
    let old = snapshot.graph.users().iter().filter(|record| record.fetched_at() < snapshot.taken_at).count();
    let kept = snapshot.checks.records_kept + snapshot.checks.managers_found;
    assert!(old <= kept as usize, "{old} old records in version {version}, {kept} were kept");
}

/// Whoever was served before and was there all the time is there; of newcomers, a listing may miss a few.
fn nobody_is_lost(
    snapshot: &OrgSnapshot,
    before: Option<&OrgSnapshot>,
    published: Timestamp,
    history: &History,
) {
    let (version, served) = (snapshot.version, people_of(snapshot));
    let known = before.map(people_of).unwrap_or_default();
    let here = history.persons_at(snapshot.taken_at);
    let missing = here.iter().filter(|id| !served.contains_key(*id));
    let missing: Vec<_> = missing
        .filter(|id| !history.ever(snapshot.taken_at, published, |era| !era.people.contains_key(*id)))
        .collect();
    let lost: Vec<_> = missing.iter().filter(|id| known.contains_key(**id)).collect();
    assert!(lost.is_empty(), "{lost:?} were there all the time and are not in version {version}");
    let most = NEWCOMERS_MISSED + snapshot.checks.records_refused as usize;
    assert!(missing.len() <= most, "{} newcomers are not in version {version}", missing.len());
}
