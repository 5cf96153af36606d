//! One fault, over one kind of what was served before.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use futures_util::future::join_all;
use orgraph::{
    app,
    directory::{Decision, SyncState, SyncStatus},
    gong::{self, Limits, RetryPolicy},
    org::{OrgSnapshot, Settings, User},
    simulator::{Fault, FaultKind, SimUser, Simulator, Workspace},
    sync,
};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::timeout};

use super::expected::{
    Outcome, is_ridden_out, lasts_a_day, leaves_the_id, makes_the_truth_hard_to_believe, needs_a_next_page,
    script, with_a_snapshot, with_none,
};
use crate::{
    oracle::{Company, FACTS, as_told, people_of, user},
    support::{FOREVER, Scratch, Service, UNHURRIED, code, open, serve, settings, simulate},
};

/// What was served before the fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Before {
    Nothing,
    InMemory,
    OnDisk,
    /// A snapshot in memory, and the fault strikes one call alone.
    InMemoryAndOnce,
}

/// One field of the matrix.
#[derive(Clone, Copy)]
pub(super) struct Cell {
    pub(super) kind: FaultKind,
    pub(super) before: Before,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:?}", self.kind, self.before)
    }
}

/// The company before the fault and, a little changed, from the fault on: nothing that is still served can
/// be taken for news.
pub(super) struct World {
    pub(super) rows: [Vec<SimUser>; 2],
    before: Company,
    pub(super) truth: Company,
    /// A state directory with the company before the fault.
    state: Scratch,
}

/// Large enough for the guard, and for a listing in parts.
const PEOPLE: usize = 420;
/// The parts, of one page each.
const PARTS: usize = 5;
/// Of these places in the listing the records don't change.
const BYSTANDERS: [usize; 2] = [5, 150];
const NOBODY: &str = "9990000000000000001";

impl World {
    pub(super) async fn new() -> Self {
        let before = Workspace::generate(PEOPLE, 11).users().to_vec();
        let after: Vec<SimUser> =
            before.iter().enumerate().map(|(at, row)| later(&before, at, row)).collect();
        let state = Scratch::new();
        let store = open(&state);
        let simulator = simulate(Workspace::new(before.clone()));
        let gong = settings(serve(&simulator).await, UNHURRIED);
        let service = Service::with(&gong, app::Settings::default(), store).await;
        service.status(|status| status.state == SyncState::Idle).await;
        service.stop().await;
        let companies = [Company::of(&before), Company::of(&after)];
        let [company, truth] = companies;
        Self { rows: [before, after], before: company, truth, state }
    }

    fn bystanders(&self) -> impl Iterator<Item = &SimUser> {
        BYSTANDERS.iter().map(|&at| &self.rows[1][at])
    }
}

/// Everybody but the bystanders has another title, and one in forty another manager.
fn later(rows: &[SimUser], at: usize, row: &SimUser) -> SimUser {
    let mut row = row.clone();
    if !BYSTANDERS.contains(&at) {
        row.title = Some(format!("promoted, number {at}"));
        if at % 40 == 7 && row.manager_id.is_some() {
            row.manager_id = Some(rows[BYSTANDERS[0]].id.clone());
        }
    }
    row
}

/// A service in front of a simulator.
struct Scene {
    service: Service,
    simulator: Simulator,
    _state: Option<Scratch>,
}

impl Cell {
    pub(super) async fn test(self, world: &World) {
        let scene = self.scene(world).await;
        match self.before {
            Before::Nothing | Before::OnDisk => self.at_the_start(world, &scene).await,
            Before::InMemory => self.later(world, &scene).await,
            Before::InMemoryAndOnce => self.once(world, &scene).await,
        }
        let stats = scene.simulator.stats();
        if !is_cut_short(self.kind) {
            assert!(stats.most_in_flight <= 3, "{} calls at once", stats.most_in_flight);
        }
        assert!(scene.simulator.faults().struck(self.kind) > 0, "the fault never struck");
    }

    /// Look-ups by id have no page: what strikes a page strikes neither them nor the managers who are asked
    /// for beside the listing.
    fn script(self) -> Fault {
        let condition = match self.before {
            Before::InMemoryAndOnce if needs_a_next_page(self.kind) => "@page=2,times=1",
            Before::InMemoryAndOnce => "@page=1,times=1",
            _ if self.outcome() != Outcome::Kept => "",
            Before::Nothing => "@page=2",
            // Every part of the listing, but not the page that is read for its total alone.
            Before::InMemory | Before::OnDisk => "@page=1,endpoint=extensive",
        };
        format!("{}{condition}", script(self.kind)).parse().unwrap()
    }

    fn outcome(self) -> Outcome {
        if self.before == Before::Nothing { with_none(self.kind) } else { with_a_snapshot(self.kind) }
    }

    async fn scene(self, world: &World) -> Scene {
        let is_later = matches!(self.before, Before::InMemory | Before::InMemoryAndOnce);
        let simulator = simulate(Workspace::new(world.rows[usize::from(!is_later)].clone()));
        if !is_later {
            simulator.faults().add(self.script()).unwrap();
        }
        let state = (self.before == Before::OnDisk).then(|| copy(world.state.path()));
        // No scan gets in between that isn't asked for, or due because one has failed.
        let interval = "1d".parse().unwrap();
        let settings = app::Settings {
            sync: sync::Settings { interval, ..sync::Settings::default() },
            ..app::Settings::default()
        };
        let gong = self.gong_settings(serve(&simulator).await);
        let service = Service::with(&gong, settings, state.as_ref().and_then(open)).await;
        Scene { service, simulator, _state: state }
    }

    /// Whether the service looks again within seconds. Otherwise it does when its interval is over.
    fn is_tried_again_soon(self) -> bool {
        matches!(self.outcome(), Outcome::Failed { state, .. } if state != SyncState::Unauthorized)
    }

    async fn at_the_start(self, world: &World, scene: &Scene) {
        let service = &scene.service;
        if self.before == Before::OnDisk {
            service.ready().await;
        } else {
            assert_eq!(code(&service.client.ask("{ users { totalCount } }").await), "NOT_READY");
        }
        let asked = self.ask_meanwhile(world, service);
        let status = service.scanned(1).await;
        self.judge(world, scene, &status, None).await;
        settle(asked).await;

        scene.simulator.faults().clear();
        if lasts_a_day(self.kind) {
            return self.not_before_a_day(world, scene).await;
        }
        let scan = service.directory.request_scan();
        if self.before == Before::Nothing && makes_the_truth_hard_to_believe(self.kind) {
            let status = service.scanned(scan).await;
            assert_eq!(status.state, SyncState::Quarantined);
            service.decide(Decision::Accept).await;
        }
        self.recovered(world, scene, status.scans).await;
    }

    async fn later(self, world: &World, scene: &Scene) {
        let service = &scene.service;
        let scans = self.switch_on(world, scene).await;
        let before = facts(service).await;
        let asked = self.ask_meanwhile(world, service);
        service.directory.request_scan();
        let status = service.scanned(scans + 1).await;
        self.judge(world, scene, &status, Some(before)).await;
        settle(asked).await;

        scene.simulator.faults().clear();
        if lasts_a_day(self.kind) {
            return self.not_before_a_day(world, scene).await;
        }
        if !self.is_tried_again_soon() {
            service.directory.request_scan();
        }
        self.recovered(world, scene, status.scans).await;
    }

    async fn once(self, world: &World, scene: &Scene) {
        let service = &scene.service;
        let scans = self.switch_on(world, scene).await;
        service.directory.request_scan();
        let status = service.scanned(scans + 1).await;
        if is_ridden_out(self.kind) {
            assert_eq!(
                (status.state, status.scans),
                (SyncState::Idle, scans + 1),
                "{:?}",
                status.last_failure
            );
        } else {
            self.told(&status);
            if lasts_a_day(self.kind) {
                return self.not_before_a_day(world, scene).await;
            }
            if !self.is_tried_again_soon() {
                service.directory.request_scan();
            }
        }
        self.recovered(world, scene, scans).await;
    }

    /// Switches the fault on, and the company over, while no scan is running. Tells how many there were.
    async fn switch_on(self, world: &World, scene: &Scene) -> u64 {
        let Scene { service, simulator, .. } = scene;
        let [before, after] = &world.rows;
        loop {
            let idle = service.status(|status| status.state == SyncState::Idle).await;
            simulator.edit(|people| people.clone_from(after));
            simulator.faults().set([self.script()]).unwrap();
            let now = service.directory.status();
            if now.state == SyncState::Idle && now.scans == idle.scans {
                assert_eq!(world.before.differs_from(&service.snapshot()), None);
                return now.scans;
            }
            simulator.faults().clear();
            simulator.edit(|people| people.clone_from(before));
            // The one that has got in between may have seen anything.
            service.scanned(idle.scans + 1).await;
            service.scan().await;
        }
    }

    /// Queries and look-ups while the scan runs. Who is asked for has not changed.
    fn ask_meanwhile(self, world: &World, service: &Service) -> Vec<JoinHandle<()>> {
        let nobody = json!({ "id": NOBODY });
        let mut wanted = vec![(nobody, Value::Null)];
        if self.kind < FaultKind::ZeroUsers {
            wanted.extend(world.bystanders().map(|row| {
                let right = json!({ "id": row.id, "title": row.title, "managerId": row.manager_id });
                (json!({ "id": row.id }), right)
            }));
        }
        let (client, is_cold) = (service.client.clone(), self.before == Before::Nothing);
        let is_harmless = matches!(self.outcome(), Outcome::Truth);
        let lookups = wanted.into_iter().map(move |(id, right)| {
            let client = client.clone();
            tokio::spawn(async move {
                let query = "query($id: ID!) { user(id: $id, maxAge: 0) { id title managerId } }";
                let answer = client.ask_with(query, id).await;
                match code(&answer) {
                    "no error" => assert_eq!(answer["data"]["user"], right),
                    "NOT_READY" if is_cold => {}
                    "UPSTREAM_UNAVAILABLE" if !is_harmless => {}
                    other => panic!("a look-up was answered {other}: {answer}"),
                }
            })
        });
        let client = service.client.clone();
        let query = tokio::spawn(async move {
            let answer = client.ask("{ users(first: 1) { totalCount } syncStatus { state } }").await;
            match code(&answer) {
                "no error" => assert!(answer["data"]["users"]["totalCount"].is_u64()),
                "NOT_READY" if is_cold => {}
                other => panic!("a query was answered {other}: {answer}"),
            }
        });
        lookups.chain([query]).collect()
    }

    /// Calls that nobody answers are given up soon, unless the next one has to come to a good end however slow
    /// the machine is.
    fn gong_settings(self, url: String) -> gong::Settings {
        // Whoever has one place reads the listing by one cursor.
        let max_in_flight = if needs_a_next_page(self.kind) { 1 } else { UNHURRIED.max_in_flight };
        let limits = Limits { daily_budget: 100_000_000, max_in_flight, ..UNHURRIED };
        let retry = RetryPolicy {
            max_tries: 2,
            first_wait: Duration::from_millis(20),
            longest_wait: Duration::from_millis(1_200),
        };
        let timeout = match (self.kind, self.before) {
            (FaultKind::TimeOut | FaultKind::SlowDrip, Before::InMemoryAndOnce) => Duration::from_secs(15),
            // The call has to arrive, and the scan before the fault to succeed.
            (FaultKind::TimeOut | FaultKind::SlowDrip, _) => Duration::from_secs(5),
            _ => Duration::from_secs(30),
        };
        gong::Settings { retry, timeout, max_body: 1 << 20, ..settings(url, limits) }
    }

    /// Holds what is served and told against what is expected.
    async fn judge(self, world: &World, scene: &Scene, status: &SyncStatus, before: Option<String>) {
        let service = &scene.service;
        self.told(status);
        self.told_to_clients(service, status).await;
        let refused = status.records_refused;
        if self.outcome() != Outcome::Kept {
            assert_eq!(refused, 0, "{:?}", status.refused_records);
        }
        match self.outcome() {
            Outcome::Truth => self.serves(&self.as_sent(&world.truth), service).await,
            Outcome::Told => {
                let told = as_told(&world.rows[1], &script(self.kind)).await;
                assert!(told.people != world.truth.people, "the fault changes nobody");
                self.serves(&told, service).await;
            }
            Outcome::Kept => self.kept(world, scene, status).await,
            Outcome::Failed { .. } | Outcome::HeldBack(_) if self.before == Before::Nothing => {
                assert_eq!(code(&service.client.ask(FACTS).await), "NOT_READY");
                assert_eq!(service.client.status("/readyz").await, 503);
            }
            Outcome::Failed { .. } | Outcome::HeldBack(_) => {
                if let Some(before) = before {
                    assert_eq!(facts(service).await, before, "answers are not what they were");
                }
                self.serves(&world.before, service).await;
                assert_eq!(service.client.status("/readyz").await, 200);
            }
        }
    }

    /// The records of those who are told of as unreadable, and of nobody else, are those of before.
    async fn kept(self, world: &World, scene: &Scene, status: &SyncStatus) {
        let refused = &status.refused_records;
        // The first record of the page, or of each part of the listing.
        let many = if self.before == Before::Nothing { 1 } else { PARTS };
        assert_eq!((refused.len(), status.records_refused as usize), (many, many), "{refused:?}");
        let place = match self.kind {
            FaultKind::WrongTypes => "users[0].active",
            FaultKind::LoneSurrogates => "users[0].firstName",
            FaultKind::IdAsNumber | FaultKind::IdNull => "users[0].id",
            _ => "users[0]",
        };
        assert!(refused.iter().all(|record| record.path == place && !record.cause.is_empty()), "{refused:?}");
        use FaultKind as K;
        let named = leaves_the_id(self.kind);
        assert!(refused.iter().all(|record| record.user_id.is_some() == named), "{refused:?}");

        let snapshot = scene.service.snapshot();
        let served = people_of(&snapshot);
        let expected = if self.before == Before::Nothing {
            // Page 2 begins with the hundred-and-first who is listed.
            let listed = world.rows[1].iter().filter(|row| !row.avatar);
            let struck = listed.clone().nth(100).unwrap();
            let is_manager = listed.clone().any(|row| row.manager_id.as_ref() == Some(&struck.id));
            match self.kind {
                K::WrongTypes => world.truth.with([what_is_left(struck)]),
                K::LoneSurrogates => world.truth.with([User { first_name: None, ..user(struck) }]),
                K::IdAsNumber => world.truth.clone(),
                _ if is_manager => world.truth.clone(),
                _ => Company::of(
                    &world.rows[1].iter().filter(|row| row.id != struck.id).cloned().collect::<Vec<_>>(),
                ),
            }
        } else {
            let old = world
                .before
                .people
                .iter()
                .filter(|(id, old)| served.get(*id) == Some(*old) && world.truth.people[*id] != **old);
            let old: Vec<(&String, User)> = old.map(|(id, old)| (id, old.clone())).collect();
            // Those whose record doesn't say who they are have been asked for by id.
            assert_eq!(
                old.len(),
                if named { many } else { 0 },
                "the last good record is kept of {refused:?}"
            );
            for (id, _) in &old {
                assert!(
                    refused.iter().any(|told| told.user_id.as_ref().is_some_and(|it| it.as_str() == *id))
                );
            }
            world.truth.with(old.into_iter().map(|(_, old)| old))
        };
        self.serves(&expected, &scene.service).await;
    }

    fn told(self, status: &SyncStatus) {
        match self.outcome() {
            Outcome::Truth | Outcome::Told | Outcome::Kept => {
                assert_eq!(
                    status.state,
                    SyncState::Idle,
                    "{:?} {:?}",
                    status.last_failure,
                    status.quarantine
                );
                assert!(status.last_failure.is_none() && status.quarantine.is_none());
            }
            Outcome::Failed { kind, state, words } => {
                let failure = status.last_failure.as_ref().unwrap_or_else(|| panic!("{status:?}"));
                assert_eq!((failure.kind, status.state), (kind, state), "{}", failure.message);
                assert!(failure.message.contains(words), "{:?} instead of {words:?}", failure.message);
                assert!(status.failures_in_a_row > 0);
            }
            Outcome::HeldBack(reason) => {
                assert_eq!(status.state, SyncState::Quarantined, "{:?}", status.last_failure);
                let held_back = status.quarantine.as_ref().unwrap();
                assert!(held_back.breaches.iter().any(|breach| breach.reason == reason), "{held_back}");
            }
        }
    }

    /// The status as clients see it: the same, and nothing secret.
    async fn told_to_clients(self, service: &Service, status: &SyncStatus) {
        let query = "{ syncStatus { state lastFailure { kind message gongRequestId }
            recordsRefused refusedRecords { userId path cause }
            quarantine { breaches { reason found of allowed } } storage { state message } } }";
        let answer = service.client.data(query).await;
        let failure = status.last_failure.as_ref().map(|failure| json!(failure.message));
        let told = &answer["syncStatus"];
        if let Some(failure) = failure {
            assert_eq!(told["lastFailure"]["message"], failure);
        }
        assert_eq!(told["recordsRefused"], json!(status.records_refused));
        for text in [told.to_string(), format!("{status:?}")] {
            let secrets = ["canary-secret", "a2V5OmNhbmFyeS1zZWNyZXQ", "@example"];
            assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        }
    }

    async fn serves(self, company: &Company, service: &Service) {
        assert_eq!(company.differs_from(&service.snapshot()), None, "the snapshot");
        let data = service.client.data(FACTS).await;
        assert_eq!(company.differs_from_answer(&data), None, "the answer");
    }

    /// The company as it comes out if nothing is wrong.
    fn as_sent(self, company: &Company) -> Company {
        if self.kind != FaultKind::NullsEverywhere {
            return company.clone();
        }
        // Where nothing is sent, nothing is known.
        let known = |flag: Option<bool>| flag.filter(|flag| *flag);
        let sparse = |user: &User| {
            let Settings {
                web_conferences_recorded,
                prevent_web_conference_recording,
                telephony_calls_imported,
                emails_imported,
                prevent_email_import,
                non_recorded_meetings_imported,
                gong_connect_enabled,
            } = user.settings;
            let settings = Settings {
                web_conferences_recorded: known(web_conferences_recorded),
                prevent_web_conference_recording: known(prevent_web_conference_recording),
                telephony_calls_imported: known(telephony_calls_imported),
                emails_imported: known(emails_imported),
                prevent_email_import: known(prevent_email_import),
                non_recorded_meetings_imported: known(non_recorded_meetings_imported),
                gong_connect_enabled: known(gong_connect_enabled),
            };
            User { settings, ..user.clone() }
        };
        company.with(company.people.values().map(sparse))
    }

    /// The true company, and nothing left over. Nobody has to ask for it, though it may take a few tries
    /// where calls are cut short.
    async fn recovered(self, world: &World, scene: &Scene, scans: u64) {
        let service = &scene.service;
        let is_well = |status: &SyncStatus| status.state == SyncState::Idle && status.scans > scans;
        let status = service.status(is_well).await;
        assert!(status.quarantine.is_none() && status.last_failure.is_none());
        assert_eq!((status.failures_in_a_row, status.records_refused), (0, 0));
        assert_eq!(world.truth.differs_from(&service.snapshot()), None, "after the fault");
        service.quiet(&scene.simulator).await;
    }

    /// Gong asked for silence and gets it, of a day at most; after a restart it is asked again.
    async fn not_before_a_day(self, world: &World, scene: &Scene) {
        let Scene { service, simulator, .. } = scene;
        let calls = simulator.stats().calls;
        let scan = service.directory.request_scan();
        let status = service.scanned(scan).await;
        let failure = status.last_failure.unwrap();
        assert!(failure.message.starts_with("Gong asked not to be called before"), "{}", failure.message);
        assert_eq!(simulator.stats().calls, calls, "Gong was called");
        let waits = status.next_run_at.unwrap_or_default().duration_since(failure.at).as_hours();
        assert!((22..=29).contains(&waits), "{waits} h");
        if self.before != Before::Nothing {
            self.serves(&world.before, service).await;
        }
        let again = Service::of(simulator).await;
        self.serves(&world.truth, &again).await;
    }
}

/// Whether calls end on our side first, so that Gong may count one that is already over.
fn is_cut_short(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::TimeOut | FaultKind::SlowDrip | FaultKind::HugeField | FaultKind::GzipBomb)
}

/// What can be read of a record whose fields have other types.
fn what_is_left(row: &SimUser) -> User {
    let whole = user(row);
    User {
        active: true,
        email_address: None,
        first_name: None,
        manager_id: None,
        settings: Settings::default(),
        ..whole
    }
}

fn copy(state: &Path) -> Scratch {
    let scratch = Scratch::new();
    for entry in std::fs::read_dir(state).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), scratch.path().join(entry.file_name())).unwrap();
    }
    scratch
}

/// The bytes of an answer that has everything in it.
async fn facts(service: &Service) -> String {
    let request = service.client.request(reqwest::Method::POST, "/graphql");
    let body = json!({ "query": FACTS }).to_string();
    let response = request.header("content-type", "application/json").body(body).send().await.unwrap();
    response.text().await.unwrap()
}

async fn settle(asked: Vec<JoinHandle<()>>) {
    let asked = timeout(FOREVER, join_all(asked)).await.expect("a call hangs");
    asked.into_iter().for_each(|asked| {
        if let Err(fault) = asked {
            std::panic::resume_unwind(fault.into_panic());
        }
    });
}

impl Service {
    /// Waits until that many scans have ended and none is running.
    async fn scanned(&self, scans: u64) -> SyncStatus {
        self.status(|status| status.scans >= scans && status.state != SyncState::Syncing).await
    }

    fn snapshot(&self) -> Arc<OrgSnapshot> {
        self.directory.snapshot().expect("nothing is served")
    }

    /// Waits until no call is under way any more, on either side.
    async fn quiet(&self, simulator: &Simulator) {
        let quiet = async {
            let mut beat = tokio::time::interval(Duration::from_millis(20));
            while self.directory.upstream().in_flight > 0 || simulator.stats().in_flight > 0 {
                beat.tick().await;
            }
        };
        timeout(FOREVER, quiet).await.expect("a call is left hanging");
    }
}
