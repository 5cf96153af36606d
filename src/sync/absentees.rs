//! People of the last snapshot whom a listing doesn't hold. A listing can miss somebody, because people
//! come and go while it is read and rows move from page to page: nobody is gone before Gong has said so of
//! that very id.

use std::{collections::HashSet, sync::Arc};

use jiff::Timestamp;

use crate::{
    directory::{Freshness, People},
    gong::GongError,
    org::{OrgSnapshot, User, UserId, UserKind},
};

/// Who is there all the same, and how many were asked for.
#[derive(Default)]
pub(super) struct Present {
    pub(super) users: Vec<User>,
    pub(super) asked_for: u32,
    /// Those whose record can't be read and is that of the last snapshot.
    pub(super) kept: u32,
}

/// More than so many aren't asked for, a hundred a call: the listing is wrong or the company another one,
/// and the guard sees either.
const MOST_ASKED_FOR: usize = 1_000;

/// Asks for everybody of `last` who isn't among the `listed`. With `nameless` records among those that
/// can't be read nobody is asked for and everybody stays: whose they are can't be known.
pub(super) async fn find_present(
    last: &OrgSnapshot,
    listed: &HashSet<&str>,
    nameless: bool,
    people: &People,
    since: Timestamp,
) -> Result<Present, Arc<GongError>> {
    let absent: Vec<&User> = last
        .graph
        .users()
        .iter()
        .filter(|user| user.kind == UserKind::Person && !listed.contains(user.id.as_str()))
        .collect();
    if nameless {
        let kept = absent.len() as u32;
        return Ok(Present { users: absent.into_iter().cloned().collect(), asked_for: 0, kept });
    }
    if listed.is_empty() || absent.len() > MOST_ASKED_FOR {
        return Ok(Present::default());
    }
    let ids: Vec<UserId> = absent.iter().map(|user| user.id.clone()).collect();
    let answers = people.look_up_all(&ids, Freshness::Since(since)).await?;
    let mut present = Present { asked_for: ids.len() as u32, ..Present::default() };
    for (last_good, answer) in absent.into_iter().zip(answers) {
        match (answer.fault, answer.user) {
            (Some(_), _) => {
                present.kept += 1;
                present.users.push(last_good.clone());
            }
            // Somebody of Gong's staff from now on is no person of the company any more.
            (None, Some(user)) if user.kind == UserKind::Person => present.users.push(User::clone(&user)),
            (None, _) => {}
        }
    }
    Ok(present)
}
