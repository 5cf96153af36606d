//! One fault, over one kind of what was served before.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use futures_util::future::join_all;
use orgraph::{
    app,
    directory::{Decision, SyncState, SyncStatus},
    gong::{self, Limits, RetryPolicy},
    org::OrgSnapshot,
    simulator::{Fault, FaultKind, Simulator, Workspace},
    sync,
};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::timeout};

use super::{
    expected::{
        Outcome, is_ridden_out, lasts_a_day, makes_the_truth_hard_to_believe, needs_a_next_page, script,
        with_a_snapshot, with_none,
    },
    judgement::facts,
    world::World,
};
use crate::support::{FOREVER, Scratch, Service, UNHURRIED, bound, code, open, serve_on, settings, simulate};

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

const NOBODY: &str = "9990000000000000001";

/// A service in front of a simulator.
pub(super) struct Scene {
    pub(super) service: Service,
    pub(super) simulator: Simulator,
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

    pub(super) fn outcome(self) -> Outcome {
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
        let (listener, url) = bound().await;
        let service = Service::with(&self.gong_settings(url), settings, state.as_ref().and_then(open)).await;
        if self.before == Before::Nothing {
            // Gong says nothing before this.
            assert_eq!(code(&service.client.ask("{ users { totalCount } }").await), "NOT_READY");
        }
        serve_on(listener, &simulator);
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
}

/// Whether calls end on our side first, so that Gong may count one that is already over.
fn is_cut_short(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::TimeOut | FaultKind::SlowDrip | FaultKind::HugeField | FaultKind::GzipBomb)
}

fn copy(state: &Path) -> Scratch {
    let scratch = Scratch::new();
    for entry in std::fs::read_dir(state).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), scratch.path().join(entry.file_name())).unwrap();
    }
    scratch
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
    pub(super) async fn scanned(&self, scans: u64) -> SyncStatus {
        self.status(|status| status.scans >= scans && status.state != SyncState::Syncing).await
    }

    pub(super) fn snapshot(&self) -> Arc<OrgSnapshot> {
        self.directory.snapshot().expect("nothing is served")
    }

    /// Waits until no call is under way any more, on either side.
    pub(super) async fn quiet(&self, simulator: &Simulator) {
        let quiet = async {
            let mut beat = tokio::time::interval(Duration::from_millis(20));
            while self.directory.upstream().in_flight > 0 || simulator.stats().in_flight > 0 {
                beat.tick().await;
            }
        };
        timeout(FOREVER, quiet).await.expect("a call is left hanging");
    }
}
