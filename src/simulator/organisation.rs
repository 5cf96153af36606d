//! Who reports to whom in a made-up company, and what is wrong with that.

use fastrand::Rng;

/// The smallest company that is in a mess.
const SMALLEST_MESS: usize = 50;

/// Who somebody's manager is said to be. People, avatars and strangers are meant by their number
/// from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manager {
    Nobody,
    Person(usize),
    Avatar(usize),
    /// Somebody who is not in the workspace.
    Stranger(usize),
}

/// A person's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) manager: Manager,
    /// How far below the chief executive, before the mess.
    pub(super) level: u8,
    /// The number of the department.
    pub(super) department: usize,
    /// Whether others were meant to report to this person.
    pub(super) leads: bool,
}

/// A company. Person 0 is the chief executive.
pub(super) struct Organisation {
    pub(super) places: Vec<Place>,
    pub(super) avatars: usize,
    pub(super) strangers: usize,
}

impl Organisation {
    /// A company of so many people: a tree, and some mess in it from 50 people up.
    pub(super) fn grow(people: usize, departments: usize, rng: &mut Rng) -> Self {
        let mut organisation = Self { places: tree(people, departments, rng), avatars: 0, strangers: 0 };
        if people >= SMALLEST_MESS {
            organisation.mess_up(rng);
        }
        organisation
    }

    /// Gives everybody at most one trouble. The numbers follow from the size, so that tests can
    /// count on them.
    fn mess_up(&mut self, rng: &mut Rng) {
        let people = self.places.len();
        self.avatars = (people / 1000).max(1);
        let mut staff: Vec<usize> = (1..people).collect();
        rng.shuffle(&mut staff);
        let mut staff = staff.into_iter();

        for _ in 0..(people / 1000).max(1) {
            let ring: Vec<_> = staff.by_ref().take(rng.usize(2..=5)).collect();
            for (member, next) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                self.send(*member, Manager::Person(*next));
            }
        }
        for person in staff.by_ref().take((people * 3 / 1000).max(1)) {
            self.send(person, Manager::Person(person));
        }
        for person in staff.by_ref().take((people / 2000).max(1)) {
            self.send(person, Manager::Nobody);
        }
        for avatar in 0..(self.avatars * 2).div_ceil(3) {
            if let Some(person) = staff.next() {
                self.send(person, Manager::Avatar(avatar));
            }
        }
        let orphans = (people / 50).max(1);
        self.strangers = orphans.div_ceil(3);
        for (orphan, person) in staff.take(orphans).enumerate() {
            self.send(person, Manager::Stranger(orphan % self.strangers));
        }
    }

    fn send(&mut self, person: usize, manager: Manager) {
        if let Some(place) = self.places.get_mut(person) {
            place.manager = manager;
        }
    }
}

/// People in the order of their levels. Everybody down to the vice presidents leads 5 to 9 others;
/// below them, one in four leads nobody, and nobody does once the people are used up.
fn tree(people: usize, departments: usize, rng: &mut Rng) -> Vec<Place> {
    let mut places = Vec::with_capacity(people);
    if people > 0 {
        places.push(Place { manager: Manager::Nobody, level: 0, department: 0, leads: false });
    }
    let mut manager = 0;
    while places.len() < people {
        let last_hope = manager + 1 == places.len();
        let Some(leader) = places.get_mut(manager) else {
            break;
        };
        if leader.level < 3 || last_hope || rng.u8(0..4) > 0 {
            leader.leads = true;
            let Place { level, department, .. } = *leader;
            let span = rng.usize(5..=9).min(people - places.len());
            places.extend((0..span).map(|report| Place {
                manager: Manager::Person(manager),
                level: level + 1,
                department: if level == 0 { report % departments } else { department },
                leads: false,
            }));
        }
        manager += 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_one_root_and_believable_spans() {
        let places = tree(5000, 8, &mut Rng::with_seed(1));
        let mut spans = vec![0_usize; places.len()];
        for (person, place) in places.iter().enumerate() {
            match place.manager {
                Manager::Person(manager) => {
                    assert!(manager < person);
                    spans[manager] += 1;
                }
                other => assert_eq!((person, other), (0, Manager::Nobody)),
            }
        }
        let narrow = spans.iter().filter(|span| (1..5).contains(*span)).count();
        assert!(narrow <= 1, "only the last manager may run out of people");
        assert!(spans.iter().all(|span| *span <= 9));
        assert!(places.iter().zip(&spans).all(|(place, span)| place.leads == (*span > 0)));
    }

    #[test]
    fn small_companies_are_tidy() {
        for people in 0..SMALLEST_MESS {
            let organisation = Organisation::grow(people, 8, &mut Rng::with_seed(1));
            assert_eq!((organisation.places.len(), organisation.avatars), (people, 0));
        }
    }
}
