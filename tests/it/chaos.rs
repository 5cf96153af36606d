//! A while of everything at once: faults, a company that changes, look-ups, queries, scans, operators and
//! restarts, by chance and by Gong's limits. Every answer has to be right for a state that was.

mod history;
mod seen;

use std::{sync::Arc, time::Duration};

use fastrand::Rng;
use orgraph::{
    app,
    clock::Clock,
    directory::{Decision, SyncState},
    gong::{self, Limits, RetryPolicy},
    simulator::{self, Drift, Effect, FaultKind, Simulator, Workspace},
    sync,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use self::{
    history::History,
    seen::{Seen, ask, look_up, watch},
};
use crate::{
    oracle::{Company, as_told, user},
    support::{ALONE, FOREVER, Scratch, Service, keyed, open, serve, settings},
};

const PEOPLE: usize = 150;
/// How long a call may take: so much later than it was asked for, a record can be of.
const PATIENCE: Duration = Duration::from_millis(2_000);
/// How long an answer takes, so that calls are under way side by side.
const LATENCY: Duration = Duration::from_millis(200);

/// Left out: what closes Gong for a day would end the run; what changes the company from one call to the next
/// has no state to be held against (a drift does the same); and a megabyte at a time is only slow.
const LEFT_OUT: [FaultKind; 5] = [
    FaultKind::ThrottledTenYears,
    FaultKind::PersonAddedInMidScan,
    FaultKind::PersonRemovedInMidScan,
    FaultKind::HugeField,
    FaultKind::GzipBomb,
];

/// What the run is about.
struct Chaos {
    simulator: Simulator,
    gong: gong::Settings,
    state: Scratch,
    history: Arc<History>,
    seen: Arc<Seen>,
    rng: Rng,
    faults: u32,
    decisions: u32,
}

/// `ORGRAPH_TEST_SEED` says which chances, `ORGRAPH_CHAOS_SECONDS` how long.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_nobody_is_told_anything_wrong() {
    let _alone = ALONE.lock().await;
    let number = |name| std::env::var(name).ok().and_then(|text: String| text.parse().ok());
    let seed = number("ORGRAPH_TEST_SEED").unwrap_or(20);
    let end = Instant::now() + Duration::from_secs(number("ORGRAPH_CHAOS_SECONDS").unwrap_or(25));
    println!("chaos with ORGRAPH_TEST_SEED={seed}");
    let mut chaos = Chaos::begin(seed).await;
    let mut lives = 0;
    while Instant::now() < end {
        chaos.live(end).await;
        lives += 1;
    }
    let company = chaos.end_well().await;
    let figures = chaos.seen.judge(&chaos.history, PATIENCE);
    let stats = chaos.simulator.stats();
    println!(
        "{figures}; {} faults, {} decisions, {lives} lives; {} calls, most in flight {}, most starts in a second {}, refused {}; {} people",
        chaos.faults,
        chaos.decisions,
        stats.calls,
        stats.most_in_flight,
        stats.most_starts_in_a_second,
        stats.refused,
        company.people.len()
    );
    assert!(stats.most_in_flight <= 3 && stats.most_starts_in_a_second <= 3, "{stats:?}");
    assert_eq!((stats.refused, stats.unauthorised), (0, 0));
    assert!(stats.calls <= u64::from(chaos.gong.limits.daily_budget), "{}", stats.calls);
}

impl Chaos {
    async fn begin(seed: u64) -> Self {
        let simulator = Simulator::new(
            Workspace::generate(PEOPLE, seed),
            simulator::Settings { latency: LATENCY, ..keyed() },
        );
        simulator.follow(Drift::new(2.0, seed));
        let retry = RetryPolicy {
            max_tries: 2,
            first_wait: Duration::from_millis(20),
            longest_wait: Duration::from_secs(2),
        };
        let settings =
            settings(serve(&simulator).await, Limits { daily_budget: 50_000, ..Limits::default() });
        let gong = gong::Settings { retry, timeout: PATIENCE, max_body: 1 << 20, ..settings };
        let rows = simulator.edit(|people| people.clone());
        let avatars = rows.iter().filter(|row| row.avatar).map(|row| (row.id.clone(), user(row))).collect();
        let history = Arc::new(History::new(Company::of(&rows), avatars, Clock::system()));
        let (state, seen) = (Scratch::new(), Arc::default());
        let chaos = Self {
            simulator,
            gong,
            state,
            history,
            seen,
            rng: Rng::with_seed(seed),
            faults: 0,
            decisions: 0,
        };
        // The first snapshot is a good one: what is held against it later has to be believed somehow.
        let service = chaos.service().await;
        service.status(|status| status.state == SyncState::Idle).await;
        chaos.seen.snapshot(&service.directory.snapshot().unwrap(), Clock::system().now());
        chaos.stop(service).await;
        chaos
    }

    async fn service(&self) -> Service {
        let interval = "10s".parse().unwrap();
        let settings = app::Settings {
            sync: sync::Settings { interval, ..sync::Settings::default() },
            ..app::Settings::default()
        };
        Service::with(&self.gong, settings, open(&self.state)).await
    }

    /// Ends a process. The next one isn't there within the second that Gong counts.
    async fn stop(&self, service: Service) {
        service.stop().await;
        sleep(Duration::from_millis(1_100)).await;
    }

    /// A process, from its start to its end.
    async fn live(&mut self, end: Instant) {
        let service = self.service().await;
        service.ready().await;
        let mut clients = JoinSet::new();
        clients.spawn(watch(service.directory.snapshots(), self.seen.clone()));
        clients.spawn(ask(service.client.clone(), self.seen.clone()));
        for _ in 0..4 {
            let (client, rng) = (service.client.clone(), self.rng.fork());
            clients.spawn(look_up(client, self.history.clone(), self.seen.clone(), rng));
        }
        for _ in 0..self.rng.usize(10..30) {
            if Instant::now() >= end {
                break;
            }
            self.act(&service).await;
            sleep(Duration::from_millis(self.rng.u64(50..500))).await;
        }
        self.seen.let_go();
        let clients = timeout(FOREVER, clients.join_all());
        clients.await.expect("a client is left hanging");
        self.seen.go_on();
        self.stop(service).await;
    }

    async fn act(&mut self, service: &Service) {
        match self.rng.u8(0..10) {
            0..2 => self.switch_a_fault_on().await,
            2..5 => self.change(|simulator| simulator.faults().clear()),
            5..7 => self.change(|simulator| _ = simulator.step()),
            7..9 => _ = service.operator().request_scan().await.unwrap(),
            _ => {
                let decision = if self.rng.bool() { Decision::Accept } else { Decision::Reject };
                // There may be nothing to decide on.
                self.decisions += u32::from(service.operator().decide(decision, None).await.is_ok());
            }
        }
    }

    async fn switch_a_fault_on(&mut self) {
        self.faults += 1;
        let kinds: Vec<_> = FaultKind::ALL.iter().filter(|kind| !LEFT_OUT.contains(kind)).collect();
        let kind = *kinds[self.rng.usize(..kinds.len())];
        let often = if is_about_the_company(kind) {
            // All calls are told the same, so that there is a state.
            ""
        } else {
            ["", "@times=1", "@share=0.3", "@page=2", "@endpoint=extensive"][self.rng.usize(..5)]
        };
        let script = format!("{kind}{often}");
        let rows = self.simulator.edit(|people| people.clone());
        let told = match is_about_the_company(kind) {
            true => as_told(&rows, &script).await,
            false => Company::of(&rows),
        };
        self.history.change(told, Some(kind), || {
            self.simulator.faults().set([script.parse().unwrap()]).unwrap();
        });
    }

    /// Changes something that leaves no fault about the company on: those are told of the company as it was.
    fn change(&self, change: impl FnOnce(&Simulator)) {
        let faults = self.simulator.faults();
        let kind = faults.active().first().map(|active| active.fault.kind());
        if kind.is_some_and(is_about_the_company) {
            let rows = self.simulator.edit(|people| people.clone());
            self.history.change(Company::of(&rows), None, || faults.clear());
        }
        self.history.change_to(|| {
            change(&self.simulator);
            let kind = faults.active().first().map(|active| active.fault.kind());
            (Company::of(&self.simulator.edit(|people| people.clone())), kind)
        });
    }

    /// Without faults, the truth is served after a while; an operator may be needed to believe it.
    async fn end_well(&self) -> Company {
        self.change(|simulator| simulator.faults().clear());
        let truth = Company::of(&self.simulator.edit(|people| people.clone()));
        let service = self.service().await;
        let well = async {
            loop {
                service.scan().await;
                let status = service.status(|status| status.state != SyncState::Syncing).await;
                if status.state == SyncState::Quarantined {
                    service.decide(Decision::Accept).await;
                }
                let served = service.directory.snapshot();
                if served.is_some_and(|served| truth.differs_from(&served).is_none()) {
                    break;
                }
            }
        };
        timeout(FOREVER, well).await.expect("the truth is never served");
        self.seen.snapshot(&service.directory.snapshot().unwrap(), Clock::system().now());
        service.stop().await;
        truth
    }
}

fn is_about_the_company(kind: FaultKind) -> bool {
    kind.effect() == Effect::Suspicious && kind >= FaultKind::ZeroUsers
}
