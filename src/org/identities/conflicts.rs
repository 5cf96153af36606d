//! E-mail addresses and phone numbers that more than one user has.

use std::{
    cmp::Ordering,
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use super::{EmailMatch, Held, Identity, IdentityKind, IdentityKinds};
use crate::org::{OrgGraph, Position, SortKey, Take, UserId, UserIndex, Window};

/// An e-mail address or a phone number that two users have, or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityConflict {
    /// It, in the [form](Identity::folded) in which it is compared.
    pub value: Box<str>,
    /// As what its holders have it.
    pub kinds: IdentityKinds,
    /// Who has it.
    pub holders: Vec<IdentityHolder>,
}

/// A user who has a shared address or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentityHolder {
    /// The user.
    pub user: UserIndex,
    /// As what.
    pub kinds: IdentityKinds,
}

/// A part of the conflicts.
#[derive(Clone, Debug)]
pub struct ConflictPage {
    /// The conflicts, in order.
    pub conflicts: Vec<Arc<IdentityConflict>>,
    /// Whether there are others before them.
    pub has_previous: bool,
    /// Whether there are others after them.
    pub has_next: bool,
}

/// What is worked out when somebody first asks for it.
#[derive(Default)]
pub(in crate::org) struct Shared {
    phones: OnceLock<Held>,
    conflicts: OnceLock<Vec<Arc<IdentityConflict>>>,
}

impl Shared {
    /// Whether all of it is worked out.
    pub(in crate::org) fn is_known(&self) -> bool {
        self.conflicts.get().is_some() && self.phones.get().is_some()
    }
}

impl OrgGraph {
    /// Whether somebody else than the user `owner` has this address or number too.
    pub fn is_shared(&self, identity: &Identity<'_>, owner: &str) -> bool {
        let Some(value) = identity.folded() else { return false };
        match self.held(identity.kind()).find(&self.users, &value) {
            EmailMatch::Nobody => false,
            EmailMatch::One(holder) => self.user(holder).id() != owner,
            EmailMatch::Many(_) => true,
        }
    }

    /// All addresses and numbers that more than one user has, by value. Reads everybody's once in the life
    /// of the graph.
    pub fn identity_conflicts(&self) -> &[Arc<IdentityConflict>] {
        self.shared.conflicts.get_or_init(|| {
            self.phones();
            self.find_conflicts()
        })
    }

    /// The conflicts of `window`, of those alone that somebody has as one of `kinds`, if given.
    pub fn identity_conflicts_in(&self, kinds: Option<&[IdentityKind]>, window: &Window) -> ConflictPage {
        let of_kinds = |conflict: &&Arc<IdentityConflict>| conflict.is_of(kinds);
        let all = self.identity_conflicts();
        let start = window.after.as_ref().map_or(0, |edge| edge_of(all, edge, Ordering::is_le));
        let end = window.before.as_ref().map_or(all.len(), |edge| edge_of(all, edge, Ordering::is_lt));
        let end = end.max(start);
        let mut inside = all[start..end].iter().filter(of_kinds);
        let (conflicts, before, behind) = match window.take {
            Take::First(n) => {
                let conflicts: Vec<_> = inside.by_ref().take(n).cloned().collect();
                (conflicts, false, inside.next().is_some())
            }
            Take::Last(n) => {
                let mut conflicts: Vec<_> = inside.by_ref().rev().take(n).cloned().collect();
                conflicts.reverse();
                (conflicts, inside.next().is_some(), false)
            }
        };
        ConflictPage {
            conflicts,
            has_previous: before || all[..start].iter().any(|conflict| conflict.is_of(kinds)),
            has_next: behind || all[end..].iter().any(|conflict| conflict.is_of(kinds)),
        }
    }

    /// How many there are, of those alone that somebody has as one of `kinds`, if given.
    pub fn identity_conflict_count(&self, kinds: Option<&[IdentityKind]>) -> usize {
        self.identity_conflicts().iter().filter(|conflict| conflict.is_of(kinds)).count()
    }

    fn phones(&self) -> &Held {
        self.shared.phones.get_or_init(|| Held::phones(&self.users))
    }

    /// Who has what of this kind.
    fn held(&self, kind: IdentityKind) -> &Held {
        if kind == IdentityKind::PhoneNumber { self.phones() } else { &self.emails }
    }

    fn find_conflicts(&self) -> Vec<Arc<IdentityConflict>> {
        let mut places: HashMap<(bool, usize), usize> = HashMap::new();
        let mut conflicts: Vec<IdentityConflict> = Vec::new();
        for (at, user) in self.users.iter().enumerate() {
            for identity in user.identities() {
                let kind = identity.kind();
                let is_phone = kind == IdentityKind::PhoneNumber;
                let Some(value) = identity.folded() else { continue };
                let Some(several) = self.held(kind).place_among_several(&self.users, &value) else {
                    continue;
                };
                let place = *places.entry((is_phone, several)).or_insert_with(|| {
                    let (kinds, holders) = (IdentityKinds::default(), Vec::new());
                    conflicts.push(IdentityConflict { value: value.into(), kinds, holders });
                    conflicts.len() - 1
                });
                conflicts[place].add(UserIndex::new(at), kind);
            }
        }
        conflicts.sort_by_cached_key(|conflict| {
            let (value, id) = conflict.place();
            (value.to_owned(), id)
        });
        conflicts.into_iter().map(Arc::new).collect()
    }
}

/// The longest part of a value in bytes that conflicts are sorted by, so that a cursor stays small. No
/// address that works is longer.
const SORTED_BYTES: usize = 256;

impl IdentityConflict {
    /// Where the conflict stands among the others, whatever becomes of them.
    pub fn position(&self) -> Position {
        let (value, id) = self.place();
        Position { key: SortKey::Text(value.to_owned()), id: UserId::new(id) }
    }

    fn place(&self) -> (&str, String) {
        let kind = if self.kinds.holds(IdentityKind::PhoneNumber) { "phone" } else { "email" };
        let rest = &self.value[self.value.floor_char_boundary(SORTED_BYTES)..];
        (&self.value[..self.value.len() - rest.len()], format!("{kind}-{:016x}", hash(rest)))
    }

    fn is_of(&self, kinds: Option<&[IdentityKind]>) -> bool {
        kinds.is_none_or(|kinds| kinds.iter().any(|&kind| self.kinds.holds(kind)))
    }

    /// Users are added in the order of their indexes, each once however often they have the value.
    fn add(&mut self, user: UserIndex, kind: IdentityKind) {
        let mut kinds = IdentityKinds::default();
        kinds.add(kind);
        self.kinds.add_all(kinds);
        match self.holders.last_mut() {
            Some(last) if last.user == user => last.kinds.add_all(kinds),
            _ => self.holders.push(IdentityHolder { user, kinds }),
        }
    }
}

/// How many conflicts stand before `edge`, or at it if `before` says so of `Equal`.
fn edge_of(conflicts: &[Arc<IdentityConflict>], edge: &Position, before: fn(Ordering) -> bool) -> usize {
    let SortKey::Text(value) = &edge.key else { return 0 };
    let edge = (value.as_str(), edge.id.as_str());
    conflicts.partition_point(|conflict| {
        let (value, id) = conflict.place();
        before((value, id.as_str()).cmp(&edge))
    })
}

/// FNV-1a: only tells apart values that begin with the same [`SORTED_BYTES`].
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}
