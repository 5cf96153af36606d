//! Making up a company.

use fastrand::Rng;

use super::{
    organisation::{Manager, Organisation},
    person::{avatar, person},
    titles::DEPARTMENTS,
    user::SimUser,
    workspace::Workspace,
};

/// Ids have 18 or 19 digits, as seen at Gong. Some are above 2^63.
pub(super) const IDS: std::ops::Range<u64> = 100_000_000_000_000_000..10_000_000_000_000_000_000;

impl Workspace {
    /// Makes up a company of so many people, the same for the same seed.
    ///
    /// One chief executive, 5 to 9 reports a manager, 8 % inactive. From 50 people up there is
    /// mess, as in real companies: managers who don't exist (2 %), people who manage themselves
    /// (0.3 %), rings of 2 to 5 people (one a 1,000), people without a manager beside the chief
    /// executive, and avatars (one a 1,000, beyond `people`), two thirds of which are somebody's
    /// manager.
    pub fn generate(people: usize, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let organisation = Organisation::grow(people, DEPARTMENTS.len(), &mut rng);
        let ids = Ids::draw(&organisation, &mut rng);
        let places = &organisation.places;
        // In listing order from the start: rows are large, and sorting a million of them is slow.
        let users = ids.listed().into_iter().map(|(id, index)| SimUser {
            id: id.to_string(),
            ..match places.get(index) {
                Some(place) => {
                    SimUser { manager_id: ids.of(place.manager), ..person(index, *place, &mut rng) }
                }
                None => avatar(index - places.len(), &mut rng),
            }
        });
        Self::new(users.collect())
    }
}

/// The ids of people, then of avatars, then of strangers.
struct Ids {
    ids: Vec<u64>,
    people: usize,
    avatars: usize,
}

impl Ids {
    /// One id out of each of equally wide ranges: they can't collide. Shuffled, lest they tell the
    /// rank.
    fn draw(organisation: &Organisation, rng: &mut Rng) -> Self {
        let (people, avatars) = (organisation.places.len(), organisation.avatars);
        let many = (people + avatars + organisation.strangers) as u64;
        let width = (IDS.end - IDS.start) / many.max(1);
        let mut ids: Vec<_> = (0..many).map(|nth| IDS.start + nth * width + rng.u64(0..width)).collect();
        rng.shuffle(&mut ids);
        Self { ids, people, avatars }
    }

    /// The ids of people and avatars, ascending, each with its index.
    fn listed(&self) -> Vec<(u64, usize)> {
        let in_workspace = self.ids.iter().copied().zip(0..).take(self.people + self.avatars);
        let mut listed: Vec<_> = in_workspace.collect();
        listed.sort_unstable();
        listed
    }

    fn of(&self, manager: Manager) -> Option<String> {
        let index = match manager {
            Manager::Nobody => return None,
            Manager::Person(number) => number,
            Manager::Avatar(number) => self.people + number,
            Manager::Stranger(number) => self.people + self.avatars + number,
        };
        self.ids.get(index).map(u64::to_string)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::Timestamp;

    use super::{super::person::OFFSETS, *};

    const PEOPLE: usize = 10_000;

    #[test]
    fn a_company_is_the_same_for_the_same_seed() {
        assert_eq!(Workspace::generate(300, 7), Workspace::generate(300, 7));
        assert_ne!(Workspace::generate(300, 7), Workspace::generate(300, 8));
        assert_eq!(Workspace::generate(0, 7).users(), []);
    }

    #[test]
    fn ids_are_distinct_and_too_large_for_a_double() {
        let workspace = Workspace::generate(PEOPLE, 7);
        let ids: BTreeSet<u64> = workspace.users().iter().map(|user| user.id.parse().unwrap()).collect();
        assert_eq!(ids.len(), workspace.users().len());
        assert!(ids.iter().all(|id| IDS.contains(id)));
        assert!(ids.last().is_some_and(|id| *id > 1 << 63));
    }

    #[test]
    fn the_mess_is_as_promised() {
        let workspace = Workspace::generate(PEOPLE, 7);
        let users: BTreeMap<&str, &SimUser> =
            workspace.users().iter().map(|user| (user.id.as_str(), user)).collect();
        let people = || workspace.users().iter().filter(|user| !user.avatar);
        let manager = |user: &SimUser| user.manager_id.as_deref().and_then(|id| users.get(id).copied());

        assert_eq!(people().count(), PEOPLE);
        assert_eq!(users.len(), PEOPLE + 10);
        assert_eq!(people().filter(|user| user.manager_id.is_none()).count(), 1 + 5);
        assert_eq!(people().filter(|user| user.manager_id.is_some() && manager(user).is_none()).count(), 200);
        assert_eq!(people().filter(|user| user.manager_id.as_deref() == Some(&user.id)).count(), 30);
        assert_eq!(people().filter(|user| manager(user).is_some_and(|manager| manager.avatar)).count(), 7);
        let inactive = people().filter(|user| !user.active).count();
        assert!((700..900).contains(&inactive), "{inactive}");
        assert_eq!(
            people().filter(|user| user.title.as_deref() == Some("Chief Executive Officer")).count(),
            1
        );
    }

    #[test]
    fn there_is_a_ring_a_thousand_people() {
        for (people, rings) in [(50, 1), (999, 1), (3000, 3)] {
            let workspace = Workspace::generate(people, 3);
            let managers: BTreeMap<&str, &str> = workspace
                .users()
                .iter()
                .filter_map(|user| Some((user.id.as_str(), user.manager_id.as_deref()?)))
                .collect();
            let found: BTreeSet<_> = managers.keys().filter_map(|id| ring(id, &managers)).collect();
            assert_eq!(found.len(), rings);
            assert!(found.iter().all(|ring| (2..=5).contains(&ring.len())));
        }
    }

    /// The ring that this person is a member of.
    fn ring<'a>(id: &'a str, managers: &BTreeMap<&'a str, &'a str>) -> Option<BTreeSet<&'a str>> {
        let mut members = BTreeSet::from([id]);
        let mut next = *managers.get(id)?;
        while members.insert(next) {
            next = managers.get(next)?;
        }
        (next == id && members.len() > 1).then_some(members)
    }

    #[test]
    fn times_are_readable_and_mails_distinct() {
        let workspace = Workspace::generate(2000, 7);
        let created = |user: &SimUser| user.created.as_deref().unwrap().parse::<Timestamp>();
        assert!(workspace.users().iter().all(|user| created(user).is_ok()));
        for offset in OFFSETS {
            assert!(workspace.users().iter().any(|user| user.created.as_deref().unwrap().ends_with(offset)));
        }
        let mails: BTreeSet<_> =
            workspace.users().iter().filter_map(|user| user.email_address.as_deref()).collect();
        assert_eq!(mails.len(), workspace.users().len());
        assert!(mails.iter().all(|mail| mail.is_ascii() && !mail.contains([' ', '\''])));
    }
}
