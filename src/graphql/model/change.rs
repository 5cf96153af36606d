//! What has become different about somebody.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object};

use super::{Snapshot, User};
use crate::{
    graphql::subscription::{Told, What},
    org::{self, OrgSnapshot, UserIndex, UserView},
};

/// What has become of a user.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
enum UserChangeKind {
    /// Is in the company now and wasn't before.
    Added,
    /// Was in the company and isn't any more.
    Removed,
    /// Has another record or another manager.
    Changed,
    /// Was elsewhere in the company and is in the team of `under` now.
    Entered,
    /// Was in the team of `under` and is elsewhere in the company now.
    Left,
    /// Is about nobody: there are changes that can't be told one by one, because more than 1,000 came at once
    /// or because this subscriber has fallen too far behind. Read anew what you need; changes from `snapshot` on
    /// are told again.
    Resync,
}

impl From<org::ChangeKind> for UserChangeKind {
    fn from(kind: org::ChangeKind) -> Self {
        match kind {
            org::ChangeKind::Added => Self::Added,
            org::ChangeKind::Removed => Self::Removed,
            org::ChangeKind::Changed => Self::Changed,
            org::ChangeKind::Entered => Self::Entered,
            org::ChangeKind::Left => Self::Left,
        }
    }
}

/// A part of a user that can change.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::UserField")]
enum UserField {
    /// `kind`.
    Kind,
    /// `emailAddress`.
    EmailAddress,
    /// `emailAliases`.
    EmailAliases,
    /// `trustedEmailAddress`.
    TrustedEmailAddress,
    /// `firstName`.
    FirstName,
    /// `lastName`.
    LastName,
    /// `title`.
    Title,
    /// `phoneNumber`.
    PhoneNumber,
    /// `extension`.
    Extension,
    /// `active`.
    Active,
    /// `created`.
    Created,
    /// `settings`.
    Settings,
    /// `spokenLanguages`.
    SpokenLanguages,
    /// `personalMeetingUrls`.
    PersonalMeetingUrls,
    /// `meetingConsentPageUrl`.
    MeetingConsentPageUrl,
    /// `managerId`.
    ManagerId,
    /// `manager`: who it is, whatever became of that user.
    Manager,
}

pub(in crate::graphql) struct UserChange(pub(in crate::graphql) Arc<Told>);

impl UserChange {
    fn change(&self) -> Option<&org::UserChange> {
        match &self.0.what {
            What::Change { change, .. } => Some(change),
            What::Resync { .. } => None,
        }
    }

    fn earlier(&self) -> Option<(&Arc<OrgSnapshot>, UserIndex)> {
        match &self.0.what {
            What::Change { before, change, .. } => Some((before, change.before?)),
            What::Resync { .. } => None,
        }
    }

    fn later(&self) -> Option<(&Arc<OrgSnapshot>, UserIndex)> {
        Some((&self.0.snapshot, self.change()?.after?))
    }
}

/// A user who came, went or changed between two snapshots.
#[Object]
impl UserChange {
    /// What has become of the user.
    async fn kind(&self) -> UserChangeKind {
        self.change().map_or(UserChangeKind::Resync, |change| change.kind.into())
    }

    /// Whom it is about; null for a `RESYNC`.
    async fn user_id(&self) -> Option<ID> {
        let (snapshot, user) = self.later().or_else(|| self.earlier())?;
        Some(ID::from(snapshot.graph.user(user).id()))
    }

    /// The user as `snapshot` has them; null for somebody who isn't in it.
    async fn user(&self) -> Option<User> {
        let (snapshot, user) = self.later()?;
        Some(UserView::member(snapshot.clone(), user).into())
    }

    /// The user as the snapshot before has them, with everybody around; null for somebody who isn't in it.
    async fn before(&self) -> Option<User> {
        let (snapshot, user) = self.earlier()?;
        Some(UserView::member(snapshot.clone(), user).into())
    }

    /// What is different about the user: empty for somebody who came or went, or who was moved along with a
    /// manager. Contact data isn't named to those who may not see it.
    async fn changed_fields(&self) -> Vec<UserField> {
        self.change().map_or(Vec::new(), |change| change.fields.iter().map(Into::into).collect())
    }

    /// The snapshot with the change.
    async fn snapshot(&self) -> Snapshot {
        Snapshot(self.0.snapshot.clone())
    }

    /// The version of the snapshot that the change is told from: what this subscriber had seen.
    async fn previous_version(&self) -> String {
        self.0.previous.to_string()
    }

    /// How many more changes between the same two snapshots follow this one: with 0 the subscriber has seen all
    /// of `snapshot`.
    async fn remaining(&self) -> usize {
        match &self.0.what {
            What::Change { remaining, .. } => *remaining,
            What::Resync { .. } => 0,
        }
    }

    /// With a `RESYNC`, how many changes weren't told; null if that isn't known, and otherwise.
    async fn missed(&self) -> Option<usize> {
        match &self.0.what {
            What::Change { .. } => None,
            What::Resync { missed } => *missed,
        }
    }
}
