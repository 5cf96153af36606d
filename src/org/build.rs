//! From a list of users to the graph.

use std::{
    collections::HashMap,
    panic::resume_unwind,
    sync::{Arc, OnceLock},
    thread,
};

use super::{
    Anomaly, OrgGraph, Sight, User, UserId, UserIndex,
    extracts::Extracts,
    graph::Counts,
    identities::{Held, Shared},
    ids::Ids,
    links::Links,
    order::{self, Sorted},
    orphans::Orphans,
    reports::Reports,
    rings,
    text_keys::TextKeys,
    walk::Walk,
};

/// Builds the organisation of `users`. Whatever the records say, everybody ends up in it exactly once;
/// what is wrong with the data is part of the result. Where an id comes twice the later record counts.
///
/// Costs O(n log n) time for n users, all of it in loops: a line of any length and a manager of any
/// span are fine. Of many users two more threads do a part, for as long as it takes.
pub fn build(users: Vec<User>) -> OrgGraph {
    let (users, ids, mut anomalies) = distinct(users);
    let many = users.len() >= MANY;
    let in_order = || {
        let names = TextKeys::of(&users, |user| user.name());
        let by_name = order::by_name(&users, &names);
        (names, by_name)
    };
    let (emails, (links, (names, by_name))) =
        both(many, || Held::emails(&users), || both(many, || Links::resolve(&users, &ids), in_order));
    let walk = walk_of(&users, &links, &by_name);

    let reports = Reports::of(&links, &walk);
    let orphans = Orphans::find(&users, &links, &walk);
    let extracts = Extracts::of(&users, &links, &walk, &orphans, &by_name);
    let counts = Counts::new(&users, &links, &walk);
    anomalies.extend(emails.conflicts());
    anomalies.extend(
        walk.components
            .iter()
            .filter(|component| !component.ring.is_empty())
            .map(|component| Anomaly::ManagementCycle { members: component.ring.clone() }),
    );
    OrgGraph {
        sight: Sight::Everything,
        sorted: Arc::new(Sorted::new(by_name)),
        users: users.into(),
        ids: Arc::new(ids),
        emails,
        shared: Shared::default(),
        names: Arc::new(names),
        links: Arc::new(links),
        walk: Arc::new(walk),
        reports: Arc::new(reports),
        orphans: Arc::new(orphans),
        extracts: Arc::new(extracts),
        counts: Arc::new(counts),
        anomalies,
        issues: OnceLock::new(),
        search: OnceLock::new(),
        reduced: OnceLock::new(),
    }
}

/// So many users are worth more than one thread.
const MANY: usize = 10_000;

/// Does two pieces of work, at the same time if there is enough of it and a thread to be had.
fn both<A: Send, B>(at_once: bool, one: impl Fn() -> A + Sync, other: impl FnOnce() -> B) -> (A, B) {
    if !at_once {
        return (one(), other());
    }
    thread::scope(|scope| {
        let beside = thread::Builder::new().name("build".to_owned()).spawn_scoped(scope, &one);
        let other = other();
        let one = match beside {
            Ok(beside) => beside.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => one(),
        };
        (one, other)
    })
}

/// The walk over the tree of these links. With the links it says all that the tree does, and the tree goes.
pub(super) fn walk_of(users: &[User], links: &Links, by_name: &[UserIndex]) -> Walk {
    let tree = links.tree(by_name);
    let mut walk = Walk::with_capacity(users.len());
    walk.walk_tops(&tree, links, by_name);
    let rings = rings::rings(&tree, links, users, |user| !walk.seen(user));
    walk.walk_rings(&tree, rings);
    walk
}

/// Leaves one record an id, the last, at the place where the id came first.
fn distinct(mut users: Vec<User>) -> (Vec<User>, Ids, Vec<Anomaly>) {
    let mut ids = Ids::with_capacity(users.len());
    let mut repeated: HashMap<UserIndex, u32> = HashMap::new();
    let mut kept = 0;
    for at in 0..users.len() {
        match ids.find(&users[..kept], users[at].id()) {
            Some(known) => {
                *repeated.entry(known).or_insert(1) += 1;
                users.swap(known.at(), at);
            }
            None => {
                users.swap(kept, at);
                ids.add(&users, UserIndex::new(kept));
                kept += 1;
            }
        }
    }
    users.truncate(kept);
    users.shrink_to_fit();
    let mut repeated: Vec<_> = repeated.into_iter().collect();
    repeated.sort_unstable();
    let anomalies = repeated
        .into_iter()
        .map(|(user, records)| Anomaly::DuplicateId { id: UserId::new(users[user.at()].id()), records })
        .collect();
    (users, ids, anomalies)
}
