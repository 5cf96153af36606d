//! Finds the issues of a company, kind by kind.

use super::{Bounds, Issue, IssueKind};
use crate::org::{
    Anomaly, ChainEnd, EmailAddress, OrgGraph, OrphanReason, UserIndex, UserKind, folded_email,
};

pub(super) fn issues(graph: &OrgGraph, bounds: Bounds) -> Vec<Issue> {
    let mut found = Found { graph, issues: Vec::new() };
    for at in 0..graph.users.len() {
        let user = UserIndex::new(at);
        match graph.user(user).kind() {
            UserKind::Person => found.person(user, bounds),
            UserKind::Avatar => found.reports_of(IssueKind::AvatarManager, user, |_| true),
        }
        if !graph.user(user).active() {
            found.reports_of(IssueKind::InactiveManager, user, |report| graph.user(report).active());
        }
    }
    found.rings();
    found.roots();
    found.addresses();
    found.ids();
    found.depths(bounds);
    found.issues
}

struct Found<'a> {
    graph: &'a OrgGraph,
    issues: Vec<Issue>,
}

impl Found<'_> {
    /// What one person's own record and reports tell.
    fn person(&mut self, user: UserIndex, bounds: Bounds) {
        let kind = match self.graph.orphan_reason(user) {
            Some(OrphanReason::ManagerNotFound) => Some(IssueKind::DanglingManager),
            Some(OrphanReason::ManagerIsSelf) => Some(IssueKind::SelfManaged),
            Some(OrphanReason::NoManager) => Some(IssueKind::Isolated),
            // A ring is one issue, an inactive manager too.
            Some(OrphanReason::ManagementCycle | OrphanReason::ManagerInactive) | None => None,
        };
        if let Some(kind) = kind {
            self.add(kind, user, vec![user], 0);
        }
        let span = self.graph.direct_count(user);
        if span > bounds.span {
            self.add(IssueKind::ExtremeSpan, user, vec![user], span);
        }
    }

    /// A manager with those direct reports, persons, for whom `touched` holds.
    fn reports_of(&mut self, kind: IssueKind, manager: UserIndex, touched: impl Fn(UserIndex) -> bool) {
        let counts =
            |&report: &UserIndex| self.graph.user(report).kind() == UserKind::Person && touched(report);
        let mut people: Vec<_> = self.graph.direct_reports(manager).iter().copied().filter(counts).collect();
        if people.is_empty() {
            return;
        }
        self.by_id(&mut people);
        people.insert(0, manager);
        self.add(kind, manager, people, 0);
    }

    fn rings(&mut self) {
        for ring in self.graph.rings() {
            self.add(IssueKind::Cycle, ring[0], ring.to_vec(), 0);
        }
    }

    fn roots(&mut self) {
        let graph = self.graph;
        let is_one = |&user: &UserIndex| {
            let record = graph.user(user);
            record.kind() == UserKind::Person
                && record.manager_id().is_none()
                && graph.transitive_count(user) > 0
        };
        let mut roots: Vec<_> = (0..graph.users.len()).map(UserIndex::new).filter(is_one).collect();
        if roots.len() > 1 {
            self.by_id(&mut roots);
            let issue = self.issue(IssueKind::MultipleRoots, String::new(), roots, 0);
            self.issues.push(issue);
        }
    }

    fn addresses(&mut self) {
        for (address, holders) in self.graph.emails.several() {
            let mut holders = holders.to_vec();
            self.by_id(&mut holders);
            let mut spelt = holders.iter().flat_map(|&holder| self.graph.user(holder).emails());
            let spelt = spelt.find(|spelt| folded_email(spelt) == address).map(EmailAddress::new);
            let issue = self.issue(IssueKind::DuplicateEmail, hash(address), holders, 0);
            self.issues.push(Issue { address: spelt, ..issue });
        }
    }

    fn ids(&mut self) {
        for anomaly in &self.graph.anomalies {
            if let Anomaly::DuplicateId { id, records } = anomaly
                && let Some(user) = self.graph.find(id.as_str())
            {
                self.add(IssueKind::DuplicateId, user, vec![user], *records);
            }
        }
    }

    fn depths(&mut self, bounds: Bounds) {
        let graph = self.graph;
        for component in &graph.walk.components {
            let members = &graph.walk.order[component.start as usize..component.end as usize];
            let persons = members.iter().filter(|&&user| graph.user(user).kind() == UserKind::Person);
            let level = |user: UserIndex| graph.walk.places[user.at()].level;
            let deeper = |a: &&UserIndex, b: &&UserIndex| {
                let by_id = || graph.user(**b).id().cmp(graph.user(**a).id());
                level(**a).cmp(&level(**b)).then_with(by_id)
            };
            if let (Some(&deepest), Some(&top)) = (persons.max_by(deeper), members.first())
                && component.top != ChainEnd::Cycle
                && level(deepest) > bounds.depth
            {
                self.add(IssueKind::DeepChain, top, vec![top, deepest], level(deepest));
            }
        }
    }

    fn by_id(&self, users: &mut [UserIndex]) {
        users.sort_unstable_by_key(|&user| self.graph.user(user).id());
    }

    /// Adds an issue that is named after a user.
    fn add(&mut self, kind: IssueKind, key: UserIndex, people: Vec<UserIndex>, amount: u32) {
        let issue = self.issue(kind, self.graph.user(key).id().to_owned(), people, amount);
        self.issues.push(issue);
    }

    fn issue(&self, kind: IssueKind, key: String, people: Vec<UserIndex>, amount: u32) -> Issue {
        let severity = kind.severity(self.graph, &people);
        let below = self.graph.below_count(&people);
        Issue { kind, severity, key, people, below, address: None, amount }
    }
}

/// Names an address without showing it: FNV-1a, in 64 bits.
fn hash(address: &str) -> String {
    let step = |sum: u64, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", address.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}
