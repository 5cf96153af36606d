//! What is said of a user with one of a few words, and the smaller parts of Gong's record.

use async_graphql::{Enum, SimpleObject};

use crate::org;

/// What a user is.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::UserKind")]
pub(in crate::graphql) enum UserKind {
    /// Somebody of the company.
    Person,
    /// A synthetic user of Gong's staff. Gong's listing leaves avatars out; they are known where
    /// somebody names them as manager.
    Avatar,
}

/// What became of a user's `managerId`.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::ManagerStatus")]
pub(in crate::graphql) enum ManagerStatus {
    /// `managerId` is empty.
    None,
    /// It names another user, who is active.
    Active,
    /// It names another user, who is inactive.
    Inactive,
    /// It names nobody of this workspace.
    NotFound,
    /// It names the user itself.
    #[graphql(name = "SELF")]
    OwnId,
}

/// Why somebody's line to a root is broken or missing.
#[derive(Clone, Copy, Enum, PartialEq, Eq)]
#[graphql(remote = "org::OrphanReason")]
pub(in crate::graphql) enum OrphanReason {
    /// `managerId` names nobody of this workspace.
    ManagerNotFound,
    /// `managerId` is the user's own id.
    ManagerIsSelf,
    /// The user is a member of a ring: its own manager's manager, in two steps or more.
    ManagementCycle,
    /// The user is active and the manager is not.
    ManagerInactive,
    /// No manager and no reports: in nobody's tree.
    NoManager,
}

/// Gong's switches of one user; null where Gong sent nothing.
#[derive(SimpleObject)]
pub(super) struct UserSettings {
    /// Web conferences are recorded.
    pub(super) web_conferences_recorded: Option<bool>,
    /// Recording of web conferences is forbidden.
    pub(super) prevent_web_conference_recording: Option<bool>,
    /// Telephony calls are imported.
    pub(super) telephony_calls_imported: Option<bool>,
    /// E-mails are imported.
    pub(super) emails_imported: Option<bool>,
    /// Import of e-mails is forbidden.
    pub(super) prevent_email_import: Option<bool>,
    /// Meetings that weren't recorded are imported.
    pub(super) non_recorded_meetings_imported: Option<bool>,
    /// Gong Connect, the dialer, is on.
    pub(super) gong_connect_enabled: Option<bool>,
}

/// A language that a user speaks on calls.
#[derive(SimpleObject)]
pub(super) struct SpokenLanguage {
    /// BCP 47 tag, for example `en-US`.
    pub(super) language: String,
    /// Whether it is the user's main one.
    pub(super) primary: bool,
}
