//! Changes by chance, as companies change: people come and go, move and are promoted.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::{Difference, Step};
use crate::simulator::{
    calendar::Calendar,
    generate::IDS,
    listing,
    organisation::{Manager, Place},
    person::person,
    titles::DEPARTMENTS,
    user::SimUser,
};

/// How often somebody fit for a change is looked for before it is left out.
const TRIES: usize = 20;

/// What numbers those who are hired begin with: no made-up company is as large.
const FIRST_HIRE: usize = 5_000_001;

/// A small change every step, the same for the same seed and people.
///
/// Of 100 changes about 30 are hires, 20 people are deactivated and 5 removed, 30 get another
/// manager and 15 another title. Half of the people under somebody who leaves go to that person's
/// manager; the others stay where they are, as in real companies. Nobody is moved below
/// themselves, and who has no manager gets none. Avatars don't change. People are hired at the time
/// of day that the simulator has, if it has one.
#[derive(Clone, Debug)]
pub struct Drift {
    rng: Rng,
    percent: f64,
    /// Changes due, with the fraction of one that earlier steps left.
    due: f64,
    hired: usize,
    step: usize,
}

impl Drift {
    /// Changes to so many per cent of the people a step, from 0 to 100. Where that is less than one
    /// person, there is a change every few steps.
    pub fn new(percent: f64, seed: u64) -> Self {
        let percent = if percent.is_finite() { percent.clamp(0.0, 100.0) } else { 0.0 };
        Self { rng: Rng::with_seed(seed), percent, due: 0.0, hired: 0, step: 1 }
    }

    /// Changes the people, who are in listing order and need not be after that.
    pub(super) fn step(&mut self, people: &mut Vec<SimUser>, calendar: &Calendar) -> Step {
        self.due += people.iter().filter(|user| !user.avatar).count() as f64 * self.percent / 100.0;
        let many = self.due.floor();
        self.due -= many;
        self.step += 1;
        let (mut changes, mut hires, mut touched) = (Difference::default(), Vec::new(), Touched::default());
        for _ in 0..many as usize {
            match self.rng.u8(0..100) {
                0..30 => hires.extend(self.hire(people, calendar)),
                kind => {
                    let Some(at) = self.somebody(people, &touched) else { continue };
                    match kind {
                        30..55 => {
                            touched.left.insert(people[at].id.clone(), people[at].manager_id.clone());
                            people[at].active = false;
                            match kind {
                                50.. => _ = touched.removed.insert(people[at].id.clone()),
                                _ => changes.deactivated += 1,
                            }
                        }
                        55..85 => changes.moved += usize::from(self.transfer(people, at)),
                        _ => changes.retitled += usize::from(self.promote(&mut people[at])),
                    }
                    touched.people.insert(at);
                }
            }
        }
        changes.hired = hires.len();
        changes.removed = touched.removed.len();
        changes.moved += touched.hand_over(people, &mut self.rng);
        people.retain(|user| !touched.removed.contains(&user.id));
        people.extend(hires);
        let people = people.iter().filter(|user| !user.avatar).count();
        Step { step: self.step, of: None, name: None, moved: true, people, changes }
    }

    /// Somebody at work, whom this step has not changed yet.
    fn somebody(&mut self, people: &[SimUser], touched: &Touched) -> Option<usize> {
        (0..TRIES)
            .filter(|_| !people.is_empty())
            .map(|_| self.rng.usize(..people.len()))
            .find(|at| people[*at].active && !people[*at].avatar && !touched.people.contains(at))
    }

    fn hire(&mut self, people: &[SimUser], calendar: &Calendar) -> Option<SimUser> {
        let manager_id = self.somebody(people, &Touched::default()).map(|at| people[at].id.clone());
        let id = (0..TRIES)
            .map(|_| self.rng.u64(IDS).to_string())
            .find(|id| listing::latest(people, id).is_none())?;
        let department = self.rng.usize(..DEPARTMENTS.len());
        let place = Place { manager: Manager::Nobody, level: 6, department, leads: false };
        let made_up = person(FIRST_HIRE + self.hired, place, &mut self.rng);
        self.hired += 1;
        let created = calendar.now().map(|now| calendar.print(now)).or(made_up.created);
        Some(SimUser { id, created, active: true, manager_id, ..made_up })
    }

    /// Gives somebody another manager, who isn't below them. Whether one was found.
    fn transfer(&mut self, people: &mut [SimUser], report: usize) -> bool {
        let Some(old) = people[report].manager_id.clone() else {
            return false;
        };
        let manager = (0..TRIES)
            .filter_map(|_| self.somebody(people, &Touched::default()))
            .find(|manager| people[*manager].id != old && !reaches(people, *manager, &people[report].id));
        if let Some(manager) = manager {
            people[report].manager_id = Some(people[manager].id.clone());
        }
        manager.is_some()
    }

    /// Gives somebody a title. Whether it is another than before.
    fn promote(&mut self, user: &mut SimUser) -> bool {
        let department = self.rng.usize(..DEPARTMENTS.len());
        let title = Some(DEPARTMENTS[department].member(&mut self.rng));
        let is_new = user.title != title;
        user.title = title;
        is_new
    }
}

/// Whom a step has changed.
#[derive(Default)]
struct Touched {
    /// Where they are.
    people: BTreeSet<usize>,
    /// Everybody who left, with their manager.
    left: BTreeMap<String, Option<String>>,
    /// Those of them who are to be removed.
    removed: BTreeSet<String>,
}

impl Touched {
    /// Half of the people below those who left go to their managers. How many did.
    fn hand_over(&self, people: &mut [SimUser], rng: &mut Rng) -> usize {
        let mut moved = 0;
        for (at, user) in people.iter_mut().enumerate() {
            let left = user.manager_id.as_ref().and_then(|manager| self.left.get(manager));
            if let Some(Some(above)) = left
                && *above != user.id
                && user.manager_id.as_ref() != Some(above)
                && user.active
                && !user.avatar
                && !self.people.contains(&at)
                && rng.bool()
            {
                user.manager_id = Some(above.clone());
                moved += 1;
            }
        }
        moved
    }
}

/// Whether the walk up from somebody comes by this id. In a ring, it ends where it began to repeat.
fn reaches(people: &[SimUser], from: usize, id: &str) -> bool {
    let (mut at, mut seen) = (people.get(from), BTreeSet::new());
    while let Some(user) = at.filter(|user| seen.insert(&user.id)) {
        if user.id == id {
            return true;
        }
        at = user.manager_id.as_deref().and_then(|id| listing::latest(people, id));
    }
    false
}
