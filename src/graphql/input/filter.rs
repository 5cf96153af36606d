//! Filters as clients write them.

use async_graphql::{ID, InputObject};

use super::range::{DateTimeRange, IntRange};
use crate::graphql::model::{ManagerStatus, OrphanReason, UserKind};

/// Conditions on users that all have to hold; a field that is left out asks for nothing. A list holds for
/// whoever has one of its values, so an empty one for nobody. Avatars are only found by a filter that says
/// something of `kind`, at the top or anywhere inside. A filter has at most 100 others inside, at most 10
/// deep.
#[derive(Default, InputObject)]
pub(in crate::graphql) struct UserFilter {
    /// All of these hold too.
    pub(super) and: Option<Vec<UserFilter>>,
    /// At least one of these holds.
    pub(super) or: Option<Vec<UserFilter>>,
    /// This doesn't hold.
    pub(super) not: Option<Box<UserFilter>>,
    /// Only users with one of these ids; at most 1,000. Ids that nobody has are passed over.
    pub(super) ids: Option<Vec<ID>>,
    /// Only active users (`true`) or only inactive ones (`false`).
    pub(super) active: Option<bool>,
    /// Only users of one of these kinds. Without it, here and anywhere inside: persons, no avatars.
    pub(super) kind: Option<Vec<UserKind>>,
    /// Only users whose link to their manager is one of these.
    pub(super) manager_status: Option<Vec<ManagerStatus>>,
    /// Only users whose `managerId` is one of these, whether or not anybody has it; at most 1,000.
    pub(super) manager_ids: Option<Vec<ID>>,
    /// Only users with this text in their name ("first last"), in whatever case.
    pub(super) name_contains: Option<String>,
    /// Only users with this text in their title, in whatever case.
    pub(super) title_contains: Option<String>,
    /// Only users with this text in one of their e-mail addresses (primary, alias or, for analysts,
    /// trusted), in whatever case.
    pub(super) email_contains: Option<String>,
    /// Only users of whose name ("first last") this holds.
    pub(super) name: Option<TextFilter>,
    /// Only users of whose title this holds.
    pub(super) title: Option<TextFilter>,
    /// Only users with an e-mail address (primary, alias or, for analysts, trusted) of which this holds.
    pub(super) email: Option<TextFilter>,
    /// Only users with an e-mail address (primary, alias or, for analysts, trusted) in one of these domains: the
    /// whole part after the @, in whatever case; at most 100.
    pub(super) email_domain: Option<Vec<String>>,
    /// Only users created at Gong in this range.
    pub(super) created: Option<DateTimeRange>,
    /// Only users at this depth: steps to the top, 0 at the top. In and below a ring there is none.
    pub(super) depth: Option<IntRange>,
    /// Only users to whom at least one person reports (`true`), or nobody (`false`).
    pub(super) has_reports: Option<bool>,
    /// Only users with so many direct reports, avatars not counted.
    pub(super) report_count: Option<IntRange>,
    /// Only users with so many direct and indirect reports, avatars not counted.
    pub(super) transitive_report_count: Option<IntRange>,
    /// Only users who speak one of these languages on calls, as BCP 47 tags: `en` is every English,
    /// `en-US` that of the United States; at most 100.
    pub(super) spoken_language: Option<Vec<String>>,
    /// Only users whose switches at Gong are so.
    pub(super) settings: Option<UserSettingsFilter>,
    /// Only users below the one with this id, directly or not; nobody if nobody has it.
    pub(super) under: Option<ID>,
    /// Only users whose line to a root is broken or missing at themselves (`true`), or only the others.
    pub(super) is_orphan: Option<bool>,
    /// Only users whose line to a root is broken or missing for one of these reasons.
    pub(super) orphan_reason: Option<Vec<OrphanReason>>,
}

/// Conditions on a text that all have to hold, in whatever case. A text that is missing meets none.
#[derive(Default, InputObject)]
pub(in crate::graphql) struct TextFilter {
    /// It is this text.
    pub(super) equals: Option<String>,
    /// It has this text in it.
    pub(super) contains: Option<String>,
    /// It begins with this text.
    pub(super) starts_with: Option<String>,
}

/// Gong's switches of a user as they have to be; one that is left out may be anything. A switch that Gong
/// didn't send is neither on nor off.
#[derive(Default, InputObject)]
pub(in crate::graphql) struct UserSettingsFilter {
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
