//! Managers whom the listing doesn't hold: avatars, which it leaves out, and people created or missed
//! while it was read. They are asked for by id before anybody calls them missing.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use crate::{
    directory::{Freshness, People},
    gong::GongError,
    org::{OrgGraph, OrgSnapshot, User, UserId, UserKind},
};

/// Who was found, and how many were asked for.
pub(super) struct Found {
    pub(super) users: Vec<User>,
    pub(super) asked_for: u32,
}

/// A found manager can have a manager whom the listing doesn't hold either, and so on: after this many
/// steps up the line is taken as broken.
const MAX_STEPS_UP: usize = 10;

/// The managers of `users` beyond what is served, as fresh as look-ups usually are.
pub(super) async fn find_beyond(
    users: &[User],
    served: &OrgGraph,
    people: &People,
) -> Result<Vec<User>, Arc<GongError>> {
    let known = served.users().iter().chain(users).map(User::id).collect();
    let since = users.iter().map(|user| user.fetched_at()).min().unwrap_or(Timestamp::MIN);
    Ok(climb(users, &known, None, people, since).await?.users)
}

/// Asks for the managers whom the last snapshot had beyond its listing, so that their answers are at hand
/// when [`find_missing`] asks for them. What fails here fails there too, if it still matters then.
pub(super) async fn ask_ahead(last: Option<&OrgSnapshot>, people: &People, since: Timestamp) {
    let Some(graph) = last.map(|last| &last.graph) else { return };
    let is_listed = |id: &str| graph.find(id).is_some_and(|user| graph.user(user).kind() == UserKind::Person);
    let named = graph.users().iter().filter_map(User::manager_id);
    let beyond: HashSet<&str> = named.filter(|id| !is_listed(id)).collect();
    let beyond: Vec<_> = beyond.into_iter().map(UserId::new).collect();
    if let Err(error) = people.look_up_all(&beyond, Freshness::Since(since)).await {
        tracing::debug!(%error, "managers beyond the listing could not be asked for ahead");
    }
}

/// Looks up every manager whom `listed` names and doesn't hold. Costs one call a hundred of them, and one
/// more to tell avatars from people where any are found. Of a manager whose record can't be read, the one
/// of the `last` snapshot counts, or else what is left of the record.
pub(super) async fn find_missing(
    listed: &[User],
    last: Option<&OrgSnapshot>,
    people: &People,
    since: Timestamp,
) -> Result<Found, Arc<GongError>> {
    let known = listed.iter().map(User::id).collect();
    climb(listed, &known, last, people, since).await
}

/// From the managers of `users` who aren't `known` to theirs, step by step.
async fn climb(
    users: &[User],
    known: &HashSet<&str>,
    last: Option<&OrgSnapshot>,
    people: &People,
    since: Timestamp,
) -> Result<Found, Arc<GongError>> {
    let mut found = Found { users: Vec::new(), asked_for: 0 };
    let mut asked = HashSet::new();
    let mut missing = missing_managers(users, known, &mut asked);
    for _ in 0..MAX_STEPS_UP {
        if missing.is_empty() {
            break;
        }
        found.asked_for += missing.len() as u32;
        let answers = people.look_up_all(&missing, Freshness::Since(since)).await?;
        let last_good = |id: &UserId| {
            let graph = &last?.graph;
            graph.find(id.as_str()).map(|user| graph.user(user).clone())
        };
        let step: Vec<User> = missing
            .iter()
            .zip(answers)
            .filter_map(|(id, answer)| {
                let read = answer.user.as_deref().cloned();
                if answer.fault.is_some() { last_good(id).or(read) } else { read }
            })
            .collect();
        missing = missing_managers(&step, known, &mut asked);
        found.users.extend(step);
    }
    Ok(found)
}

/// The managers of `users` who are neither among the `known` nor among those who were `asked` for; they are from
/// then on.
fn missing_managers(users: &[User], known: &HashSet<&str>, asked: &mut HashSet<UserId>) -> Vec<UserId> {
    let mut missing = Vec::new();
    for manager in users.iter().filter_map(User::manager_id) {
        if !known.contains(manager) && !asked.contains(manager) {
            let manager = UserId::new(manager);
            missing.push(manager.clone());
            asked.insert(manager);
        }
    }
    missing
}
