//! The names of closed sets, as the schema spells them.

use crate::org::{ChainEnd, GroupBy, IssueKind, ManagerStatus, Severity, UserKind};

pub(super) fn kind(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Person => "PERSON",
        UserKind::Avatar => "AVATAR",
    }
}

pub(super) fn manager_status(status: ManagerStatus) -> &'static str {
    match status {
        ManagerStatus::None => "NONE",
        ManagerStatus::Active => "ACTIVE",
        ManagerStatus::Inactive => "INACTIVE",
        ManagerStatus::NotFound => "NOT_FOUND",
        ManagerStatus::OwnId => "SELF",
    }
}

pub(super) fn line_end(end: ChainEnd) -> &'static str {
    match end {
        ChainEnd::Root => "ROOT",
        ChainEnd::ManagerNotFound => "MANAGER_NOT_FOUND",
        ChainEnd::SelfManaged => "SELF_MANAGED",
        ChainEnd::Cycle => "CYCLE",
    }
}

pub(super) fn issue(kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::DanglingManager => "DANGLING_MANAGER",
        IssueKind::SelfManaged => "SELF_MANAGED",
        IssueKind::Cycle => "CYCLE",
        IssueKind::InactiveManager => "INACTIVE_MANAGER",
        IssueKind::Isolated => "ISOLATED",
        IssueKind::MultipleRoots => "MULTIPLE_ROOTS",
        IssueKind::DuplicateEmail => "DUPLICATE_EMAIL",
        IssueKind::DuplicateId => "DUPLICATE_ID",
        IssueKind::ExtremeSpan => "EXTREME_SPAN",
        IssueKind::DeepChain => "DEEP_CHAIN",
        IssueKind::AvatarManager => "AVATAR_MANAGER",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    }
}

pub(super) fn grouped_by(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Depth => "DEPTH",
        GroupBy::Title => "TITLE",
        GroupBy::EmailDomain => "EMAIL_DOMAIN",
        GroupBy::Top => "TOP",
        GroupBy::Manager => "MANAGER",
    }
}
