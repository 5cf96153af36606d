//! Orders of users: by what, in which direction, and where in an order somebody stands.

use std::{cmp::Ordering, sync::OnceLock};

use jiff::Timestamp;

use super::{OrgGraph, User, UserId, UserIndex};

/// What users can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderField {
    /// First and last name, without case.
    Name,
    /// When Gong's user was created.
    Created,
    /// The number of direct reports.
    DirectReportCount,
    /// The number of direct and indirect reports.
    TransitiveReportCount,
}

impl OrderField {
    /// Whether this is a key of this field.
    pub(super) fn accepts(self, key: &SortKey) -> bool {
        match self {
            Self::Name => matches!(key, SortKey::Text(_) | SortKey::Missing),
            Self::Created => matches!(key, SortKey::Moment(_) | SortKey::Missing),
            Self::DirectReportCount | Self::TransitiveReportCount => matches!(key, SortKey::Count(_)),
        }
    }
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
    /// A number of people.
    Count(u32),
    /// A place in the tree, counted from the first user of the listing.
    Place(u32),
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
    Missing,
}

impl SortKey {
    pub(super) fn borrow(&self) -> KeyRef<'_> {
        match self {
            Self::Text(text) => KeyRef::Text(text),
            Self::Moment(moment) => KeyRef::Moment(*moment),
            Self::Count(count) => KeyRef::Count(*count),
            Self::Place(place) => KeyRef::Place(*place),
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
            Self::Missing => SortKey::Missing,
        }
    }
}

/// Compares two users by what they are sorted by, then by id.
pub(super) fn compare(direction: Direction, a: (KeyRef<'_>, &UserId), b: (KeyRef<'_>, &UserId)) -> Ordering {
    let by_key = match direction {
        Direction::Descending if a.0 != KeyRef::Missing && b.0 != KeyRef::Missing => b.0.cmp(&a.0),
        _ => a.0.cmp(&b.0),
    };
    by_key.then_with(|| a.1.cmp(b.1))
}

/// The longest name key in bytes: longer names are sorted by their beginning, so that a cursor, which
/// holds a key, stays small.
const NAME_KEY_BYTES: usize = 256;

pub(super) fn name_keys(users: &[User]) -> Vec<Option<Box<str>>> {
    let key = |user: &User| {
        let mut name = user.name()?.to_lowercase();
        name.truncate(name.floor_char_boundary(NAME_KEY_BYTES));
        Some(name.into_boxed_str())
    };
    users.iter().map(key).collect()
}

pub(super) fn by_name(users: &[User], names: &[Option<Box<str>>]) -> Vec<UserIndex> {
    let mut order: Vec<_> = (0..users.len()).map(UserIndex::new).collect();
    let entry = |user: &UserIndex| (name_key(&names[user.at()]), &users[user.at()].id);
    order.sort_unstable_by(|a, b| compare(Direction::Ascending, entry(a), entry(b)));
    order
}

fn name_key(name: &Option<Box<str>>) -> KeyRef<'_> {
    name.as_deref().map_or(KeyRef::Missing, KeyRef::Text)
}

/// All users in every order by a field: by name at once, the others when first asked for.
pub(super) struct Sorted([OnceLock<Vec<UserIndex>>; 8]);

impl Sorted {
    pub(super) fn new(by_name: Vec<UserIndex>) -> Self {
        let sorted = Self(Default::default());
        // Cannot be taken: the cells are new.
        let _ = sorted.cell(OrderField::Name, Direction::Ascending).set(by_name);
        sorted
    }

    fn cell(&self, field: OrderField, direction: Direction) -> &OnceLock<Vec<UserIndex>> {
        &self.0[field as usize * 2 + direction as usize]
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
            compare(direction, (self.key(field, a), &self.user(a).id), (self.key(field, b), &self.user(b).id))
        });
    }

    /// What `user` is sorted by.
    pub(super) fn key(&self, field: OrderField, user: UserIndex) -> KeyRef<'_> {
        match field {
            OrderField::Name => name_key(&self.names[user.at()]),
            OrderField::Created => self.user(user).created.map_or(KeyRef::Missing, KeyRef::Moment),
            OrderField::DirectReportCount => KeyRef::Count(self.direct_count(user)),
            OrderField::TransitiveReportCount => KeyRef::Count(self.transitive_count(user)),
        }
    }
}
