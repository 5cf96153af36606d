//! What the design's words mean, as slowly and plainly as can be: the judge of `org`, sharing nothing
//! with it. Users are numbered by the model's own places.

use std::collections::BTreeSet;

use orgraph::org::{ChainEnd, EmailAddress, ManagerStatus, OrphanReason, UserKind, UserParts};

pub(crate) struct Model {
    /// One record an id, the last.
    pub(crate) users: Vec<UserParts>,
    pub(crate) repeated: BTreeSet<(String, u32)>,
    links: Vec<(Option<usize>, ManagerStatus)>,
    chains: Vec<(Vec<usize>, ChainEnd)>,
    /// For everybody whom one reaches downwards in one step or more: in a ring, the user as well.
    reached: Vec<BTreeSet<usize>>,
}

impl Model {
    pub(crate) fn of(records: &[UserParts]) -> Self {
        let times = |id: &str| records.iter().filter(|record| record.id == id).count();
        let is_last = |at: usize| records[at + 1..].iter().all(|later| later.id != records[at].id);
        let users: Vec<_> =
            (0..records.len()).filter(|&at| is_last(at)).map(|at| records[at].clone()).collect();
        let repeated = users
            .iter()
            .filter(|user| times(&user.id) > 1)
            .map(|user| (user.id.clone(), times(&user.id) as u32))
            .collect();
        let mut model = Self { users, repeated, links: vec![], chains: vec![], reached: vec![] };
        model.links = model.everybody().map(|user| model.link(user)).collect();
        model.chains = model.everybody().map(|user| model.walk_up(user)).collect();
        model.reached = model.everybody().map(|user| model.expand(user)).collect();
        model
    }

    pub(crate) fn everybody(&self) -> std::ops::Range<usize> {
        0..self.users.len()
    }

    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.users.iter().position(|user| user.id == id)
    }

    pub(crate) fn is_person(&self, user: usize) -> bool {
        self.users[user].kind == UserKind::Person
    }

    pub(crate) fn manager(&self, user: usize) -> Option<usize> {
        self.links[user].0
    }

    pub(crate) fn status(&self, user: usize) -> ManagerStatus {
        self.links[user].1
    }

    pub(crate) fn chain(&self, user: usize) -> &[usize] {
        &self.chains[user].0
    }

    pub(crate) fn end(&self, user: usize) -> ChainEnd {
        self.chains[user].1
    }

    pub(crate) fn depth(&self, user: usize) -> Option<u32> {
        if self.end(user) == ChainEnd::Cycle { None } else { Some(self.chain(user).len() as u32) }
    }

    pub(crate) fn distance(&self, manager: usize, report: usize) -> Option<u32> {
        self.chain(report).iter().position(|&above| above == manager).map(|before| before as u32 + 1)
    }

    pub(crate) fn direct(&self, manager: usize) -> Vec<usize> {
        self.everybody().filter(|&user| self.manager(user) == Some(manager)).collect()
    }

    pub(crate) fn below(&self, manager: usize) -> Vec<usize> {
        self.reached[manager].iter().copied().filter(|&user| user != manager).collect()
    }

    pub(crate) fn persons(&self, users: &[usize]) -> u32 {
        users.iter().filter(|&&user| self.is_person(user)).count() as u32
    }

    pub(crate) fn in_ring(&self, user: usize) -> bool {
        self.reached[user].contains(&user)
    }

    /// The ring of which `user` is a member, in the order of the links, from its smallest id on.
    pub(crate) fn ring(&self, user: usize) -> Vec<usize> {
        if !self.in_ring(user) {
            return Vec::new();
        }
        let mut members = vec![user];
        members.extend(self.chain(user));
        while members.iter().any(|&member| self.users[member].id < self.users[members[0]].id) {
            members.rotate_left(1);
        }
        members
    }

    /// All rings, each once, by their smallest ids.
    pub(crate) fn rings(&self) -> Vec<Vec<usize>> {
        let mut rings: Vec<_> = self
            .everybody()
            .map(|user| (user, self.ring(user)))
            .filter(|(user, ring)| ring.first() == Some(user))
            .map(|(_, ring)| ring)
            .collect();
        rings.sort_by_key(|ring| &self.users[ring[0]].id);
        rings
    }

    pub(crate) fn orphan_reason(&self, user: usize) -> Option<OrphanReason> {
        let is = |status| self.status(user) == status;
        if is(ManagerStatus::NotFound) {
            Some(OrphanReason::ManagerNotFound)
        } else if is(ManagerStatus::OwnId) {
            Some(OrphanReason::ManagerIsSelf)
        } else if self.in_ring(user) {
            Some(OrphanReason::ManagementCycle)
        } else if is(ManagerStatus::Inactive) && self.users[user].active {
            Some(OrphanReason::ManagerInactive)
        } else if is(ManagerStatus::None) && self.direct(user).is_empty() {
            Some(OrphanReason::NoManager)
        } else {
            None
        }
    }

    pub(crate) fn under_orphan(&self, user: usize) -> bool {
        self.chain(user).iter().any(|&above| self.orphan_reason(above).is_some())
    }

    pub(crate) fn holders(&self, address: &EmailAddress) -> Vec<usize> {
        let wanted = address.as_str().to_lowercase();
        self.everybody()
            .filter(|&user| self.addresses(user).iter().any(|own| own.to_lowercase() == wanted))
            .collect()
    }

    pub(crate) fn addresses(&self, user: usize) -> Vec<&str> {
        let user = &self.users[user];
        let mut addresses: Vec<_> = user.email_aliases.iter().collect();
        addresses.extend(&user.email_address);
        addresses.extend(&user.trusted_email_address);
        addresses.into_iter().map(String::as_str).collect()
    }

    /// "first last", or the one of them that is there.
    pub(crate) fn name(&self, user: usize) -> Option<String> {
        let user = &self.users[user];
        let parts: Vec<_> = user.first_name.iter().chain(&user.last_name).map(String::as_str).collect();
        if parts.is_empty() { None } else { Some(parts.join(" ")) }
    }

    /// By name without case, the nameless last; then by id.
    pub(crate) fn by_name(&self) -> Vec<usize> {
        let mut users: Vec<_> = self.everybody().collect();
        let name = |user: usize| self.name(user).map(|name| name.to_lowercase());
        users.sort_by_key(|&user| (name(user).is_none(), name(user), &self.users[user].id));
        users
    }

    /// A manager directly before everybody below, siblings by name; then ring after ring, each member
    /// with those below who are in no ring.
    pub(crate) fn in_tree_order(&self) -> Vec<usize> {
        let mut order = Vec::new();
        let by_name = self.by_name();
        for &top in by_name.iter().filter(|&&user| self.manager(user).is_none()) {
            self.subtree(top, &by_name, &mut order);
        }
        for member in self.rings().concat() {
            self.subtree(member, &by_name, &mut order);
        }
        order
    }

    fn subtree(&self, user: usize, by_name: &[usize], order: &mut Vec<usize>) {
        order.push(user);
        for &report in by_name {
            if self.manager(report) == Some(user) && !self.in_ring(report) {
                self.subtree(report, by_name, order);
            }
        }
    }

    fn link(&self, user: usize) -> (Option<usize>, ManagerStatus) {
        let Some(named) = &self.users[user].manager_id else { return (None, ManagerStatus::None) };
        match self.find(named) {
            None => (None, ManagerStatus::NotFound),
            Some(itself) if itself == user => (None, ManagerStatus::OwnId),
            Some(manager) if self.users[manager].active => (Some(manager), ManagerStatus::Active),
            Some(manager) => (Some(manager), ManagerStatus::Inactive),
        }
    }

    fn walk_up(&self, user: usize) -> (Vec<usize>, ChainEnd) {
        let mut met = vec![user];
        let mut at = user;
        let end = loop {
            match self.links[at] {
                (_, ManagerStatus::None) => break ChainEnd::Root,
                (_, ManagerStatus::NotFound) => break ChainEnd::ManagerNotFound,
                (_, ManagerStatus::OwnId) => break ChainEnd::SelfManaged,
                (Some(manager), _) if !met.contains(&manager) => {
                    met.push(manager);
                    at = manager;
                }
                _ => break ChainEnd::Cycle,
            }
        };
        met.remove(0);
        (met, end)
    }

    fn expand(&self, user: usize) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        loop {
            let more = self.everybody().filter(|&report| {
                self.manager(report).is_some_and(|manager| manager == user || reached.contains(&manager))
            });
            let next: BTreeSet<_> = more.collect();
            if next == reached {
                return reached;
            }
            reached = next;
        }
    }
}
