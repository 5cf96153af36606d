//! Managers whom the listing doesn't hold: avatars, which it leaves out, and people created or missed
//! while it was read. They are asked for by id before anybody calls them missing.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use crate::{
    directory::{Freshness, People},
    gong::GongError,
    org::{OrgSnapshot, User, UserId},
};

/// Who was found, and how many were asked for.
pub(super) struct Found {
    pub(super) users: Vec<User>,
    pub(super) asked_for: u32,
}

/// A found manager can have a manager whom the listing doesn't hold either, and so on: after this many
/// steps up the line is taken as broken.
const MAX_STEPS_UP: usize = 10;

/// Looks up every manager whom `listed` names and doesn't hold. Costs one call a hundred of them, and one
/// more to tell avatars from people where any are found. Of a manager whose record can't be read, the one
/// of the `last` snapshot counts, or else what is left of the record.
pub(super) async fn find_missing(
    listed: &[User],
    last: Option<&OrgSnapshot>,
    people: &People,
    since: Timestamp,
) -> Result<Found, Arc<GongError>> {
    let mut known: HashSet<UserId> = listed.iter().map(|user| user.id.clone()).collect();
    let mut found = Found { users: Vec::new(), asked_for: 0 };
    let mut missing = missing_managers(listed, &mut known);
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
        missing = missing_managers(&step, &mut known);
        found.users.extend(step);
    }
    Ok(found)
}

/// The managers of `users` who are not among the `known`; they are from then on.
fn missing_managers(users: &[User], known: &mut HashSet<UserId>) -> Vec<UserId> {
    let mut missing = Vec::new();
    for manager in users.iter().filter_map(|user| user.manager_id.as_ref()) {
        if known.insert(manager.clone()) {
            missing.push(manager.clone());
        }
    }
    missing
}
