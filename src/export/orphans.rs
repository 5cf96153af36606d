//! The table `orphans`: a row for each person whose line to a root is broken or missing.

use crate::org::{OrgGraph, OrphanReason, User, UserIndex, UserKind};

use super::{
    column::{Column, Kind},
    question::Question,
    words,
};

/// An orphan.
pub(super) struct Row<'a> {
    graph: &'a OrgGraph,
    user: UserIndex,
    reason: OrphanReason,
}

impl Row<'_> {
    fn record(&self) -> &User {
        self.graph.user(self.user)
    }
}

pub(super) fn rows<'a>(graph: &'a OrgGraph, question: &Question) -> impl Iterator<Item = Row<'a>> {
    let active = question.active;
    graph.everybody(question.under_in(graph)).filter_map(move |user| {
        let (record, reason) = (graph.user(user), graph.orphan_reason(user)?);
        let wanted =
            record.kind() == UserKind::Person && active.is_none_or(|active| record.active() == active);
        wanted.then_some(Row { graph, user, reason })
    })
}

pub(super) fn columns<'a>() -> Vec<Column<Row<'a>>> {
    use Kind::{Boolean, Integer, Text};
    let column = Column::<Row<'a>>::new;
    vec![
        column("id", Text, "Gong's id of the person. One row each.", "User.id", |row| {
            row.record().id().into()
        }),
        column(
            "reason",
            Text,
            "The first of these that holds: `NO_MANAGER` (no manager and no reports), `MANAGER_IS_SELF`, \
             `MANAGER_NOT_FOUND`, `MANAGEMENT_CYCLE` (is in a ring), `MANAGER_INACTIVE` (active, under an inactive \
             manager).",
            "OrphanEdge.reason",
            |row| row.reason.name().into(),
        ),
        column("email", Text, "The primary e-mail address.", "User.emailAddress", |row| {
            row.record().email_address().into()
        })
        .nullable(),
        column("name", Text, "The person's name.", "User.name", |row| row.record().name().into()).nullable(),
        column("title", Text, "Job title.", "User.title", |row| row.record().title().into()).nullable(),
        column("active", Boolean, "Whether the person is active in Gong.", "User.active", |row| {
            row.record().active().into()
        }),
        column("manager_id", Text, "What Gong names as manager.", "User.managerId", |row| {
            row.record().manager_id().into()
        })
        .nullable(),
        column("manager_status", Text, "What became of it, as in `users`.", "User.managerStatus", |row| {
            words::manager_status(row.graph.manager_status(row.user)).into()
        }),
        column(
            "transitive_report_count",
            Integer,
            "How many persons are anywhere below: they are cut off too.",
            "User.reportCount(transitive: true)",
            |row| row.graph.transitive_count(row.user).into(),
        ),
    ]
}
