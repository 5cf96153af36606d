//! Which fields a role has to be shown: the one list that guards, `User.hidden`, the audit log and the tests read.

use crate::{auth::Role, org::IdentityKind};

/// A field that not every role may see. Whatever isn't here is open to whoever may ask at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they are the fields of these names")]
pub enum GuardedField {
    TrustedEmailAddress,
    PhoneNumber,
    Extension,
    PersonalMeetingUrls,
    MeetingConsentPageUrl,
    SettingsHistory,
    Activity,
    Calls,
    SeatAudit,
    CoachingReports,
}

/// What the list says of a field.
struct Row {
    parent: &'static str,
    name: &'static str,
    coordinate: &'static str,
    role: Role,
    why: &'static str,
}

impl GuardedField {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::TrustedEmailAddress,
        Self::PhoneNumber,
        Self::Extension,
        Self::PersonalMeetingUrls,
        Self::MeetingConsentPageUrl,
        Self::SettingsHistory,
        Self::Activity,
        Self::Calls,
        Self::SeatAudit,
        Self::CoachingReports,
    ];

    fn row(self) -> Row {
        let row = |parent, name, coordinate, why| Row { parent, name, coordinate, role: Role::Analyst, why };
        let of_user = |name, coordinate, why| row("User", name, coordinate, why);
        let root = |name, coordinate, why| row("Query", name, coordinate, why);
        match self {
            Self::TrustedEmailAddress => of_user(
                "trustedEmailAddress",
                "User.trustedEmailAddress",
                "an address that lets somebody in, often a private one",
            ),
            Self::PhoneNumber => {
                of_user("phoneNumber", "User.phoneNumber", "how somebody is reached, often at home")
            }
            Self::Extension => of_user("extension", "User.extension", "goes with the phone number"),
            Self::PersonalMeetingUrls => of_user(
                "personalMeetingUrls",
                "User.personalMeetingUrls",
                "whoever has one can walk into the room",
            ),
            Self::MeetingConsentPageUrl => of_user(
                "meetingConsentPageUrl",
                "User.meetingConsentPageUrl",
                "carries a token, in the URL itself",
            ),
            Self::SettingsHistory => {
                of_user("settingsHistory", "User.settingsHistory", "who changed what of somebody, and when")
            }
            Self::Activity => of_user("activity", "User.activity", "what somebody does all day, in numbers"),
            Self::Calls => of_user("calls", "User.calls", "when somebody spoke, with whom, about what"),
            Self::SeatAudit => root("seatAudit", "Query.seatAudit", "made of everybody's activity"),
            Self::CoachingReports => {
                root("coachingReports", "Query.coachingReports", "made of calls, and of who listened to them")
            }
        }
    }

    /// The type that it is a field of.
    pub fn parent(self) -> &'static str {
        self.row().parent
    }

    /// Its name in that type.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Both, as GraphQL writes a place of a schema: `User.phoneNumber`.
    pub fn coordinate(self) -> &'static str {
        self.row().coordinate
    }

    /// The least role that sees it.
    pub fn role(self) -> Role {
        self.row().role
    }

    /// Why it isn't for everybody.
    pub fn why(self) -> &'static str {
        self.row().why
    }

    /// The field that a value of this kind is guarded as, wherever it stands; `None` if it is open.
    pub(super) fn of_identity(kind: IdentityKind) -> Option<Self> {
        match kind {
            IdentityKind::Id | IdentityKind::PrimaryEmail | IdentityKind::EmailAlias => None,
            IdentityKind::TrustedEmail => Some(Self::TrustedEmailAddress),
            IdentityKind::PhoneNumber => Some(Self::PhoneNumber),
        }
    }
}
