//! Every fault there is, whatever was served before: what is answered stays right, the status names the
//! cause, and the service recovers by itself when the fault goes.

mod world;
mod cell;
mod expected;
mod judgement;
mod page;

use std::sync::Arc;

use orgraph::{
    directory::SyncStatus,
    org::OrgSnapshot,
    simulator::{FaultKind, Workspace},
};
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

use crate::support::{ALONE, FOREVER, Service, UNHURRIED, serve, settings, simulate};

use self::{
    cell::{Before, Cell},
    expected::{Outcome, with_a_snapshot},
    world::World,
};

/// Cells at once: most of their time is waiting.
const AT_ONCE: usize = 32;

/// `ORGRAPH_TEST_FAULT` names the one fault to be tested.
fn cells() -> Vec<Cell> {
    let only = std::env::var("ORGRAPH_TEST_FAULT").ok();
    let wanted = |kind: &&FaultKind| only.as_deref().is_none_or(|only| only == kind.name());
    let cells = FaultKind::ALL.iter().filter(wanted).flat_map(|&kind| {
        let once = matches!(with_a_snapshot(kind), Outcome::Failed { .. }).then_some(Before::InMemoryAndOnce);
        let before = [Before::Nothing, Before::InMemory, Before::OnDisk].into_iter().chain(once);
        before.map(move |before| Cell { kind, before })
    });
    cells.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_is_ever_visible_as_a_wrong_company() {
    let _alone = ALONE.lock().await;
    let world = Arc::new(World::new().await);
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let cells = cells();
    assert!(!cells.is_empty());
    let mut running = JoinSet::new();
    for cell in cells {
        let (world, places) = (world.clone(), places.clone());
        running.spawn(async move {
            let _place = places.acquire_owned().await.unwrap();
            let name = cell.to_string();
            let tested = tokio::spawn(async move { cell.test(&world).await }).await;
            tested.map_err(|fault| {
                let words = fault.into_panic();
                let text = words.downcast_ref::<String>().cloned();
                format!("{name}: {}", text.unwrap_or_else(|| "panicked".to_owned()))
            })
        });
    }
    let outcomes = running.join_all().await;
    let wrong: Vec<String> = outcomes.into_iter().filter_map(Result::err).collect();
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The scan that is due when the interval is over puts right what no retry would: nobody asks for it.
#[tokio::test]
async fn what_is_not_tried_again_soon_is_mended_when_the_interval_is_over() {
    let world = World::new().await;
    for kind in [FaultKind::Unauthorized, FaultKind::EverybodyInactive, FaultKind::WrongTypes] {
        let simulator = simulate(Workspace::new(world.rows[0].clone()));
        let gong = settings(serve(&simulator).await, UNHURRIED);
        let service = Service::start(&gong, "1s").await;
        service.ready().await;
        simulator.faults().add(kind).unwrap();
        simulator.edit(|people| people.clone_from(&world.rows[1]));
        let strikes = |status: &SyncStatus| {
            status.last_failure.is_some() || status.quarantine.is_some() || status.records_refused > 0
        };
        service.status(strikes).await;

        simulator.faults().clear();
        let mut snapshots = service.directory.snapshots();
        let is_true = |snapshot: &Option<Arc<OrgSnapshot>>| {
            snapshot.as_ref().is_some_and(|snapshot| world.truth.differs_from(snapshot).is_none())
        };
        let mended = timeout(FOREVER, snapshots.wait_for(is_true)).await;
        assert!(mended.is_ok(), "{kind}: the truth is never served");
        service.stop().await;
    }
}
