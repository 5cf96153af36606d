//! The company that the faults strike, before and after.

use orgraph::{
    app,
    directory::SyncState,
    simulator::{SimUser, Workspace},
};

use crate::{
    oracle::Company,
    support::{Scratch, Service, UNHURRIED, open, serve, settings, simulate},
};

/// The company before the fault and, a little changed, from the fault on: nothing that is still served can
/// be taken for news.
pub(super) struct World {
    pub(super) rows: [Vec<SimUser>; 2],
    pub(super) before: Company,
    pub(super) truth: Company,
    /// A state directory with the company before the fault.
    pub(super) state: Scratch,
}

/// Large enough for the guard, and for a listing in parts.
const PEOPLE: usize = 420;
/// Of these places in the listing the records don't change.
const BYSTANDERS: [usize; 2] = [5, 150];

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

    pub(super) fn bystanders(&self) -> impl Iterator<Item = &SimUser> {
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
