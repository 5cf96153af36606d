//! People of the last snapshot whom a listing doesn't hold. A listing can miss somebody, because people
//! come and go while it is read and rows move from page to page: nobody is gone before Gong has said so of
//! that very id.

use std::collections::HashSet;

use crate::{
    directory::person,
    gong::{Avatars, Found, Gong, GongError, MAX_IDS_PER_CALL, RefusedRecord, Urgency},
    org::{OrgSnapshot, User, UserKind},
};

/// Who is there all the same, and how many were asked for.
#[derive(Default)]
pub(super) struct Present {
    pub(super) users: Vec<User>,
    pub(super) asked_for: u32,
    /// Those whose record can't be read and is that of the last snapshot.
    pub(super) kept: u32,
    pub(super) refused: Vec<RefusedRecord>,
}

/// More than so many aren't asked for, a hundred a call: the listing is wrong or the company another one,
/// and the guard sees either.
const MOST_ASKED_FOR: usize = 1_000;

/// Asks for everybody of `last` who isn't among the `listed`, avatars left out as in a listing.
pub(super) async fn find_present(
    gong: &Gong,
    last: &OrgSnapshot,
    listed: &HashSet<&str>,
) -> Result<Present, GongError> {
    let absent: Vec<&User> = last
        .graph
        .users()
        .iter()
        .filter(|user| user.kind() == UserKind::Person && !listed.contains(user.id()))
        .collect();
    if listed.is_empty() || absent.len() > MOST_ASKED_FOR {
        return Ok(Present::default());
    }
    let mut present = Present { asked_for: absent.len() as u32, ..Present::default() };
    for batch in absent.chunks(MAX_IDS_PER_CALL) {
        let ids: Vec<_> = batch.iter().map(|user| user.id().to_owned()).collect();
        let Found { users, refused } =
            gong.users_by_ids(&ids, Avatars::LeaveOut, Urgency::Scan, None).await?;
        present.users.extend(users.into_iter().map(person));
        // Who is behind a record without an id can't be known: nobody of the batch is gone then.
        let nameless = refused.iter().any(|record| record.id.is_none());
        let read: HashSet<&str> = present.users.iter().map(|user| user.id()).collect();
        let is_unclear = |user: &&&User| {
            let unreadable = refused.iter().any(|record| record.id.as_deref() == Some(user.id()));
            (nameless || unreadable) && !read.contains(user.id())
        };
        let kept: Vec<User> = batch.iter().filter(is_unclear).map(|user| User::clone(user)).collect();
        present.kept += kept.len() as u32;
        present.refused.extend(refused);
        present.users.extend(kept);
    }
    Ok(present)
}
