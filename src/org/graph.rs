//! The organisation and the questions it answers.

use std::{
    collections::HashMap,
    fmt,
    num::NonZeroU32,
    ops::Range,
    sync::{Arc, OnceLock},
};

use super::{
    Anomaly, Chain, ChainEnd, EmailAddress, EmailMatch, ManagerStatus, Managers, OrgSnapshot, OrphanReason,
    Sight, User, UserKind,
    extracts::Extracts,
    identities::{Held, Shared},
    ids::Ids,
    issues::Issues,
    links::Links,
    many::Many,
    order::Sorted,
    orphans::Orphans,
    reports::Reports,
    search::Index,
    text_keys::TextKeys,
    walk::Walk,
};

/// A user's place in one [`OrgGraph`]; says nothing in another.
///
/// It is kept as one more than the place, so that a place that somebody may not have takes no more memory.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserIndex(NonZeroU32);

impl UserIndex {
    pub(super) fn new(at: usize) -> Self {
        Self(NonZeroU32::MIN.saturating_add(at as u32))
    }

    pub(super) fn at(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl fmt::Debug for UserIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UserIndex").field(&self.at()).finish()
    }
}

/// One company at one moment: immutable, with everything indexed. Made by [`build()`](super::build()).
///
/// What is behind an `Arc` doesn't depend on how much of the records is held, and is shared with the graph of
/// less of them.
pub struct OrgGraph {
    pub(super) sight: Sight,
    pub(super) users: Many<User>,
    pub(super) ids: Arc<Ids>,
    /// Who has which address: primary, alias or trusted.
    pub(super) emails: Held,
    pub(super) shared: Shared,
    /// What a user is sorted by when sorted by name.
    pub(super) names: Arc<TextKeys>,
    pub(super) sorted: Arc<Sorted>,
    pub(super) links: Arc<Links>,
    pub(super) walk: Arc<Walk>,
    pub(super) reports: Arc<Reports>,
    pub(super) orphans: Arc<Orphans>,
    pub(super) extracts: Arc<Extracts>,
    pub(super) counts: Arc<Counts>,
    pub(super) anomalies: Vec<Anomaly>,
    /// Worked out when first asked for.
    pub(super) issues: OnceLock<Arc<Issues>>,
    /// Made when first searched.
    pub(super) search: OnceLock<Index>,
    /// The snapshot that this graph is of, without contact data, made when somebody first asks who may not see
    /// that.
    pub(super) reduced: OnceLock<Arc<OrgSnapshot>>,
}

/// How many persons report to whom; avatars don't count.
pub(super) struct Counts {
    /// User to the number of direct reports.
    direct: Vec<u32>,
    /// Position of the walk to the number of persons before it; one entry more than positions.
    pub(super) before: Vec<u32>,
}

impl Counts {
    pub(super) fn new(users: &[User], links: &Links, walk: &Walk) -> Self {
        let person = |user: UserIndex| u32::from(users[user.at()].kind() == UserKind::Person);
        let mut direct = vec![0; users.len()];
        for (report, manager) in links.manager.iter().enumerate() {
            if let Some(manager) = manager {
                direct[manager.at()] += person(UserIndex::new(report));
            }
        }
        let mut before = Vec::with_capacity(users.len() + 1);
        let mut persons = 0;
        before.push(0);
        for &user in &walk.order {
            persons += person(user);
            before.push(persons);
        }
        Self { direct, before }
    }

    /// How many persons name this user as manager.
    pub(super) fn direct(&self, user: UserIndex) -> u32 {
        self.direct[user.at()]
    }

    /// How many other persons can be reached downwards in this walk.
    pub(super) fn transitive(&self, walk: &Walk, user: UserIndex) -> u32 {
        let itself = walk.places[user.at()].enter as usize;
        let team = self.persons(walk.team(user));
        team - self.persons(itself..itself + 1)
    }

    /// How many persons stand at these positions of the walk.
    pub(super) fn persons(&self, positions: Range<usize>) -> u32 {
        self.before[positions.end] - self.before[positions.start]
    }
}

impl OrgGraph {
    /// All users, avatars among them, in no particular order.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// The ids that came more than once, and how often.
    pub fn repeats(&self) -> HashMap<&str, u32> {
        let repeated = self.anomalies.iter().filter_map(|anomaly| match anomaly {
            Anomaly::DuplicateId { id, records } => Some((id.as_str(), *records)),
            Anomaly::DuplicateEmail { .. } | Anomaly::ManagementCycle { .. } => None,
        });
        repeated.collect()
    }

    /// The records that [`build()`](super::build()) makes the same graph of: an id that came more than once
    /// comes as often, each time with the record that counts.
    pub fn records(&self) -> impl Iterator<Item = &User> {
        let repeats = self.repeats();
        self.users.iter().flat_map(move |user| {
            let times = repeats.get(user.id()).copied().unwrap_or(1);
            std::iter::repeat_n(user, times as usize)
        })
    }

    /// How many persons there are; avatars don't count.
    pub fn person_count(&self) -> u32 {
        self.counts.before.last().copied().unwrap_or(0)
    }

    /// The user with this id, matched to the letter.
    pub fn find(&self, id: &str) -> Option<UserIndex> {
        self.ids.find(&self.users, id)
    }

    /// Who has this address (primary, alias or trusted; compared without case).
    pub fn find_by_email(&self, address: &EmailAddress) -> EmailMatch<'_> {
        self.emails.find(&self.users, &address.folded())
    }

    /// The record of a user.
    pub fn user(&self, user: UserIndex) -> &User {
        &self.users[user.at()]
    }

    /// What became of the user's `managerId`.
    pub fn manager_status(&self, user: UserIndex) -> ManagerStatus {
        self.links.status[user.at()]
    }

    /// The user whom `managerId` names, if it names another user of this company.
    pub fn manager(&self, user: UserIndex) -> Option<UserIndex> {
        self.links.manager[user.at()]
    }

    /// Where the walk up from this user ends.
    pub fn top(&self, user: UserIndex) -> ChainEnd {
        self.walk.component_of(user).top
    }

    /// The user whom the walk up from this one ends at; of a ring the member with the smallest id.
    pub fn top_user(&self, user: UserIndex) -> UserIndex {
        // A component begins with its top, or with the first member of its ring.
        self.walk.order[self.walk.component_of(user).start as usize]
    }

    /// Everybody, or everybody below `under`, avatars among them, in the order of the tree: a manager stands before
    /// all below, as far as that can be in a ring.
    pub fn everybody(&self, under: Option<UserIndex>) -> impl Iterator<Item = UserIndex> {
        let places = under.map_or(0..self.users.len(), |under| self.walk.below(under));
        // Of a ring's member its own place is among those below.
        self.walk.order[places].iter().copied().filter(move |&user| Some(user) != under)
    }

    /// Steps to the top, 0 at the top; `None` when the top is a ring.
    pub fn depth(&self, user: UserIndex) -> Option<u32> {
        self.walk.depth(user)
    }

    /// The managers from the nearest up to the top. Costs one step a manager.
    pub fn chain(&self, user: UserIndex) -> Chain {
        let mut managers = Vec::with_capacity(self.chain_length(user));
        managers.extend(self.managers(user));
        Chain { managers, end: self.top(user) }
    }

    /// The managers of the [`chain`](Self::chain), one by one: whoever needs only the nearest needn't walk
    /// to the top.
    pub fn managers(&self, user: UserIndex) -> Managers<'_> {
        Managers { graph: self, next: self.manager(user), left: self.chain_length(user) }
    }

    /// How many managers the chain of this user has. Constant time.
    pub fn chain_length(&self, user: UserIndex) -> usize {
        let others_of_ring = self.walk.component_of(user).ring.len().saturating_sub(1);
        self.walk.places[user.at()].level as usize + others_of_ring
    }

    /// Steps from `report` up to `manager`; `None` if `manager` is not above. Constant time.
    pub fn distance(&self, manager: UserIndex, report: UserIndex) -> Option<u32> {
        self.walk.distance(manager, report)
    }

    /// The ring that this user is a member of: each member's manager is the next, the last one's the
    /// first. Empty for everybody else.
    pub fn ring(&self, user: UserIndex) -> &[UserIndex] {
        if self.walk.in_ring(user) { &self.walk.component_of(user).ring } else { &[] }
    }

    /// All rings, each once, by their first ids: each member's manager is the next, the last one's the
    /// first, and the first has the smallest id.
    pub fn rings(&self) -> impl ExactSizeIterator<Item = &[UserIndex]> {
        // In the walk they come after everything whose top is one user.
        let components = &self.walk.components;
        let first = components.partition_point(|component| component.ring.is_empty());
        components[first..].iter().map(|component| component.ring.as_slice())
    }

    /// How many persons name this user as manager, itself not counted.
    pub fn direct_count(&self, user: UserIndex) -> u32 {
        self.counts.direct(user)
    }

    /// How many other persons can be reached downwards. Constant time.
    pub fn transitive_count(&self, user: UserIndex) -> u32 {
        self.counts.transitive(&self.walk, user)
    }

    /// Has the processor fetch what is known of these users. Of users who are read one after the other, each is waited
    /// for; here the next are asked for meanwhile.
    pub fn fetch(&self, users: &[UserIndex]) {
        let touch =
            |user: &UserIndex| u32::from(self.user(*user).touch()) ^ self.walk.places[user.at()].level;
        std::hint::black_box(users.iter().map(touch).fold(0, |all, one| all ^ one));
    }

    /// Why the user's line to a root is broken or missing; `None` when it isn't.
    pub fn orphan_reason(&self, user: UserIndex) -> Option<OrphanReason> {
        self.orphans.reason[user.at()]
    }

    /// Whether somebody above is an orphan.
    pub fn under_orphan(&self, user: UserIndex) -> bool {
        self.orphans.under[user.at()]
    }

    /// What is wrong with the records: repeated ids, then shared addresses, then rings.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.anomalies
    }

    /// Everybody who names `manager`, avatars among them, in the order of the walk.
    pub(super) fn direct_reports(&self, manager: UserIndex) -> &[UserIndex] {
        self.reports.direct(manager)
    }
}
