//! The steps of a plan: for each field of the snapshot's types, what is written.
//!
//! This is the one table of what plans can do. A field of these types that isn't here is in the list of exceptions of
//! `tests/it/plans/table.rs`, with its reason.

use super::{
    arguments::Slot,
    collect::{Asked, Compiler, Selection},
};

/// Steps for the fields of a type.
pub(super) trait Step: Sized {
    /// The step for a field; none for a field that plans leave to the resolvers.
    fn of<'a>(asked: &Asked<'a>, to: &mut Compiler<'a>) -> Option<Self>;
}

/// The root.
pub(super) enum Root {
    User(Slot, Selection<User>),
    UsersByIds(Slot, Selection<User>),
    Node(Slot, Selection<User>),
    Nodes(Slot, Selection<User>),
    Users(Slot, Selection<Connection>),
    Reports(Slot, Selection<Connection>),
    ManagerChain(Slot, Selection<Chain>),
    Orphans(Slot, Selection<Connection>),
    Roots(Slot, Selection<Connection>),
    Snapshot(Selection<Snapshot>),
}

impl Step for Root {
    fn of<'a>(asked: &Asked<'a>, to: &mut Compiler<'a>) -> Option<Self> {
        Some(match asked.name() {
            "user" => Self::User(to.slot(asked)?, to.select("User", asked)?),
            "usersByIds" => Self::UsersByIds(to.slot(asked)?, to.select("User", asked)?),
            "node" => Self::Node(to.slot(asked)?, to.select("User", asked)?),
            "nodes" => Self::Nodes(to.slot(asked)?, to.select("User", asked)?),
            "users" => Self::Users(to.slot(asked)?, to.select("UserConnection", asked)?),
            "reports" => Self::Reports(to.slot(asked)?, to.select("ReportConnection", asked)?),
            "managerChain" => Self::ManagerChain(to.slot(asked)?, to.select("ManagerChain", asked)?),
            "orphans" => Self::Orphans(to.slot(asked)?, to.select("OrphanConnection", asked)?),
            "roots" => Self::Roots(to.slot(asked)?, to.select("UserConnection", asked)?),
            "snapshot" => Self::Snapshot(to.select("Snapshot", asked)?),
            _ => return None,
        })
    }
}

/// A user.
pub(super) enum User {
    Id,
    EmailAddress,
    EmailAliases,
    FirstName,
    LastName,
    Name,
    Title,
    Active,
    Created,
    Settings(Selection<Settings>),
    SpokenLanguages(Selection<Language>),
    Kind,
    ManagerId,
    Manager(Selection<User>),
    ManagerStatus,
    ManagerChain(Slot, Selection<Chain>),
    ChainIds,
    Level(Slot, Selection<User>),
    Reports(Slot, Selection<Connection>),
    ReportCount(Slot),
    Depth,
    OrphanReason,
    UnderOrphan,
    FetchedAt,
}

impl Step for User {
    fn of<'a>(asked: &Asked<'a>, to: &mut Compiler<'a>) -> Option<Self> {
        Some(match asked.name() {
            "id" => Self::Id,
            "emailAddress" => Self::EmailAddress,
            "emailAliases" => Self::EmailAliases,
            "firstName" => Self::FirstName,
            "lastName" => Self::LastName,
            "name" => Self::Name,
            "title" => Self::Title,
            "active" => Self::Active,
            "created" => Self::Created,
            "settings" => Self::Settings(to.select("UserSettings", asked)?),
            "spokenLanguages" => Self::SpokenLanguages(to.select("SpokenLanguage", asked)?),
            "kind" => Self::Kind,
            "managerId" => Self::ManagerId,
            "manager" => Self::Manager(to.select("User", asked)?),
            "managerStatus" => Self::ManagerStatus,
            "managerChain" => Self::ManagerChain(to.slot(asked)?, to.select("ManagerChain", asked)?),
            "chainIds" => Self::ChainIds,
            "level" => Self::Level(to.slot(asked)?, to.select("User", asked)?),
            "reports" => Self::Reports(to.slot(asked)?, to.select("ReportConnection", asked)?),
            "reportCount" => Self::ReportCount(to.slot(asked)?),
            "depth" => Self::Depth,
            "orphanReason" => Self::OrphanReason,
            "underOrphan" => Self::UnderOrphan,
            "fetchedAt" => Self::FetchedAt,
            _ => return None,
        })
    }
}

/// A page of users, of reports or of orphans.
pub(super) enum Connection {
    TotalCount,
    PageInfo(Selection<PageInfo>),
    Nodes(Selection<User>),
    Edges(Selection<Edge>),
}

impl Step for Connection {
    fn of<'a>(asked: &Asked<'a>, to: &mut Compiler<'a>) -> Option<Self> {
        let edge = match asked.parent() {
            "UserConnection" => "UserEdge",
            "ReportConnection" => "ReportEdge",
            "OrphanConnection" => "OrphanEdge",
            _ => return None,
        };
        Some(match asked.name() {
            "totalCount" => Self::TotalCount,
            "pageInfo" => Self::PageInfo(to.select("PageInfo", asked)?),
            "nodes" => Self::Nodes(to.select("User", asked)?),
            "edges" => Self::Edges(to.select(edge, asked)?),
            _ => return None,
        })
    }
}

/// Somebody on a page.
pub(super) enum Edge {
    Cursor,
    Node(Selection<User>),
    /// Of a report.
    Distance,
    /// Of an orphan.
    Reason,
}

impl Step for Edge {
    fn of<'a>(asked: &Asked<'a>, to: &mut Compiler<'a>) -> Option<Self> {
        Some(match (asked.parent(), asked.name()) {
            (_, "cursor") => Self::Cursor,
            (_, "node") => Self::Node(to.select("User", asked)?),
            ("ReportEdge", "distance") => Self::Distance,
            ("OrphanEdge", "reason") => Self::Reason,
            _ => return None,
        })
    }
}

/// Steps for the fields of a type that take no arguments and hold no objects.
macro_rules! leaves {
    ($(#[$doc:meta])* $type:ident { $($name:literal => $step:ident,)* }) => {
        $(#[$doc])*
        pub(super) enum $type { $($step,)* }

        impl Step for $type {
            fn of<'a>(asked: &Asked<'a>, _: &mut Compiler<'a>) -> Option<Self> {
                match asked.name() {
                    $($name => Some(Self::$step),)*
                    _ => None,
                }
            }
        }
    };
}

leaves! {
    /// Where a page stands.
    PageInfo {
        "hasPreviousPage" => HasPreviousPage,
        "hasNextPage" => HasNextPage,
        "startCursor" => StartCursor,
        "endCursor" => EndCursor,
    }
}

leaves! {
    /// Gong's switches of a user.
    Settings {
        "webConferencesRecorded" => WebConferencesRecorded,
        "preventWebConferenceRecording" => PreventWebConferenceRecording,
        "telephonyCallsImported" => TelephonyCallsImported,
        "emailsImported" => EmailsImported,
        "preventEmailImport" => PreventEmailImport,
        "nonRecordedMeetingsImported" => NonRecordedMeetingsImported,
        "gongConnectEnabled" => GongConnectEnabled,
    }
}

leaves! {
    /// A language that a user speaks.
    Language {
        "language" => Language,
        "primary" => Primary,
    }
}

leaves! {
    /// The snapshot itself.
    Snapshot {
        "version" => Version,
        "takenAt" => TakenAt,
        "userCount" => UserCount,
        "source" => Source,
    }
}

/// A line of managers.
pub(super) enum Chain {
    /// With how many fields are asked for below, which the line is paid by.
    Nodes(usize, Selection<User>),
    Length,
    End,
}

impl Step for Chain {
    fn of<'a>(asked: &Asked<'a>, to: &mut Compiler<'a>) -> Option<Self> {
        Some(match asked.name() {
            "nodes" => Self::Nodes(to.fields_below(asked), to.select("User", asked)?),
            "length" => Self::Length,
            "end" => Self::End,
            _ => return None,
        })
    }
}
