//! Orders of users: by what, in which direction, and where in an order somebody stands.

use std::{cmp::Ordering, sync::OnceLock};

use jiff::Timestamp;

use super::{
    OrgGraph, User, UserIndex,
    text_keys::{TextKeys, beginning_of},
};

/// What users can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderField {
    /// First and last name, without case.
    Name,
    /// The primary e-mail address, without case.
    Email,
    /// The title, without case.
    Title,
    /// When Gong's user was created.
    Created,
    /// Steps to the top; none when the top is a ring.
    Depth,
    /// The number of direct reports.
    DirectReportCount,
    /// The number of direct and indirect reports.
    TransitiveReportCount,
}

impl OrderField {
    /// All of them.
    pub(super) const ALL: [Self; 7] = [
        Self::Name,
        Self::Email,
        Self::Title,
        Self::Created,
        Self::Depth,
        Self::DirectReportCount,
        Self::TransitiveReportCount,
    ];
}

/// Upwards or downwards. Users without a value come last in both; ties go by id, upwards in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Direction {
    Ascending,
    Descending,
}

/// An order of users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Depth first from the top: a manager directly before everybody below, siblings by name. Tops stand
    /// by name; after them the rings by their smallest ids, each member followed by the people below.
    Tree,
    /// By a field.
    By(OrderField, Direction),
}

impl Order {
    /// By name, from A to Z.
    pub const NAME: Self = Self::By(OrderField::Name, Direction::Ascending);
}

/// What somebody is sorted by, on its own: it can be kept while the company changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// A text without case.
    Text(String),
    /// A moment.
    Moment(Timestamp),
    /// A number of people, or of steps.
    Count(u32),
    /// A place in the tree, counted from the first user of the listing.
    Place(u32),
    /// How well somebody was found, less being better; and the name without case, if there is one.
    Rank(u16, Option<String>),
    /// The user has no such value.
    Missing,
}

/// [`SortKey`], borrowed. Variants are ordered so that what is missing is greater than everything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum KeyRef<'a> {
    Text(&'a str),
    Moment(Timestamp),
    Count(u32),
    Place(u32),
    /// Whether there is no name, and the name: the nameless come last.
    Rank(u16, bool, &'a str),
    Missing,
}

impl SortKey {
    pub(super) fn borrow(&self) -> KeyRef<'_> {
        match self {
            Self::Text(text) => KeyRef::Text(text),
            Self::Moment(moment) => KeyRef::Moment(*moment),
            Self::Count(count) => KeyRef::Count(*count),
            Self::Place(place) => KeyRef::Place(*place),
            Self::Rank(rank, name) => {
                KeyRef::Rank(*rank, name.is_none(), name.as_deref().unwrap_or_default())
            }
            Self::Missing => KeyRef::Missing,
        }
    }
}

impl KeyRef<'_> {
    pub(super) fn to_owned(self) -> SortKey {
        match self {
            Self::Text(text) => SortKey::Text(text.to_owned()),
            Self::Moment(moment) => SortKey::Moment(moment),
            Self::Count(count) => SortKey::Count(count),
            Self::Place(place) => SortKey::Place(place),
            Self::Rank(rank, nameless, name) => SortKey::Rank(rank, (!nameless).then(|| name.to_owned())),
            Self::Missing => SortKey::Missing,
        }
    }
}

/// Compares two users by what they are sorted by, then by id.
pub(super) fn compare(direction: Direction, a: (KeyRef<'_>, &str), b: (KeyRef<'_>, &str)) -> Ordering {
    let by_key = match direction {
        Direction::Descending if a.0 != KeyRef::Missing && b.0 != KeyRef::Missing => b.0.cmp(&a.0),
        _ => a.0.cmp(&b.0),
    };
    by_key.then_with(|| a.1.cmp(b.1))
}

pub(super) fn by_name(users: &[User], names: &TextKeys) -> Vec<UserIndex> {
    // The beginnings stand beside each other: nothing else is looked at where they differ.
    let beginning = |user: UserIndex| (names.beginning(user), user);
    let mut order: Vec<_> = (0..users.len()).map(UserIndex::new).map(beginning).collect();
    order.sort_unstable();
    let mut alike = Vec::new();
    for same in order.chunk_by_mut(|(one, _), (other, _)| one == other).filter(|same| same.len() > 1) {
        // What decides then is all over the memory, and is fetched once for each of them.
        alike.clear();
        alike.extend(same.iter().map(|&(_, user)| {
            let id = users[user.at()].id();
            (names.get(user), beginning_of(id), id, user)
        }));
        alike.sort_unstable();
        for ((_, place), &(.., user)) in same.iter_mut().zip(&alike) {
            *place = user;
        }
    }
    order.into_iter().map(|(_, user)| user).collect()
}

fn text_ref(key: Option<&str>) -> KeyRef<'_> {
    key.map_or(KeyRef::Missing, KeyRef::Text)
}

/// How many orders by a field there are: two directions of each field.
const ORDERS: usize = 2 * OrderField::ALL.len();

/// All users in every order by a field: by name at once, the others, and what they are ordered by, when
/// first asked for.
pub(super) struct Sorted {
    orders: [OnceLock<Vec<UserIndex>>; ORDERS],
    emails: OnceLock<TextKeys>,
    titles: OnceLock<TextKeys>,
}

impl Sorted {
    pub(super) fn new(by_name: Vec<UserIndex>) -> Self {
        let sorted = Self { orders: Default::default(), emails: OnceLock::new(), titles: OnceLock::new() };
        // Cannot be taken: the cells are new.
        let _ = sorted.cell(OrderField::Name, Direction::Ascending).set(by_name);
        sorted
    }

    /// Whether this order has been asked for.
    pub(super) fn has(&self, field: OrderField, direction: Direction) -> bool {
        self.cell(field, direction).get().is_some()
    }

    fn cell(&self, field: OrderField, direction: Direction) -> &OnceLock<Vec<UserIndex>> {
        &self.orders[field as usize * 2 + direction as usize]
    }
}

impl OrgGraph {
    /// Everybody in the order of `field`.
    pub(super) fn sorted(&self, field: OrderField, direction: Direction) -> &[UserIndex] {
        self.sorted.cell(field, direction).get_or_init(|| {
            let mut users: Vec<_> = (0..self.users.len()).map(UserIndex::new).collect();
            self.sort(&mut users, field, direction);
            users
        })
    }

    /// Everybody by name, from A to Z.
    pub(super) fn by_name(&self) -> &[UserIndex] {
        self.sorted(OrderField::Name, Direction::Ascending)
    }

    pub(super) fn sort(&self, users: &mut [UserIndex], field: OrderField, direction: Direction) {
        users.sort_unstable_by(|&a, &b| {
            compare(
                direction,
                (self.key(field, a), self.user(a).id()),
                (self.key(field, b), self.user(b).id()),
            )
        });
    }

    /// What `user` is sorted by.
    pub(super) fn key(&self, field: OrderField, user: UserIndex) -> KeyRef<'_> {
        match field {
            OrderField::Name => text_ref(self.names.get(user)),
            OrderField::Email => {
                let emails = || TextKeys::of(&self.users, |user| user.email_address());
                text_ref(self.sorted.emails.get_or_init(emails).get(user))
            }
            OrderField::Title => {
                let titles = || TextKeys::of(&self.users, |user| user.title());
                text_ref(self.sorted.titles.get_or_init(titles).get(user))
            }
            OrderField::Depth => self.depth(user).map_or(KeyRef::Missing, KeyRef::Count),
            OrderField::Created => self.user(user).created().map_or(KeyRef::Missing, KeyRef::Moment),
            OrderField::DirectReportCount => KeyRef::Count(self.direct_count(user)),
            OrderField::TransitiveReportCount => KeyRef::Count(self.transitive_count(user)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, option::of, prelude::*};

    use super::*;
    use crate::org::{self, UserParts};

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        /// Whatever decides: a first letter, one far behind, the name as a whole, or the id.
        #[test]
        fn names_stand_in_the_order_of_their_texts_without_case_then_of_ids(
            people in vec((of("[aÄ\0]{0,2}(Maximilian-Emanuel )?[ab\0]{0,2}"), "(0123456789abcdef)?[01]{1,3}"), 0..40)
        ) {
            let parts = |(name, id): &(Option<String>, String)| UserParts {
                id: id.clone(),
                first_name: name.clone(),
                ..UserParts::default()
            };
            let graph = org::build(people.iter().map(|person| parts(person).into()).collect());
            let key = |user: &User| {
                let name = user.name().map(str::to_lowercase);
                (name.is_none(), name, user.id().to_owned())
            };
            let mut expected: Vec<_> = graph.users().iter().map(key).collect();
            expected.sort();
            let found: Vec<_> = graph.by_name().iter().map(|&user| key(graph.user(user))).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
