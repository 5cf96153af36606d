//! The table `org_issues`: what is wrong with the company, a row for each issue and each user whom it touches.

use crate::org::{Bounds, Issue, Issues, OrgGraph, User, UserIndex, folded_email};

use super::{
    column::{Column, Contact, Kind},
    question::Question,
    words,
};

/// An issue and one of those whom it touches.
pub(super) struct Row<'a> {
    graph: &'a OrgGraph,
    issue: &'a Issue,
    position: usize,
    user: UserIndex,
}

impl Row<'_> {
    fn record(&self) -> &User {
        self.graph.user(self.user)
    }

    pub(super) fn user_id(&self) -> &str {
        self.record().id()
    }

    /// Whether the address in common is this user's trusted one.
    fn shows_trusted(&self) -> bool {
        let (Some(trusted), Some(shared)) = (self.record().trusted_email_address(), &self.issue.address)
        else {
            return false;
        };
        folded_email(trusted) == shared.folded()
    }
}

/// By the bounds that issues usually have.
pub(super) fn found(graph: &OrgGraph) -> std::sync::Arc<Issues> {
    graph.issues(Bounds::USUAL)
}

pub(super) fn rows<'a>(
    graph: &'a OrgGraph,
    issues: &'a Issues,
    question: &Question,
) -> impl Iterator<Item = Row<'a>> {
    let (active, under) = (question.active, question.under_in(graph));
    let wanted = move |user: UserIndex| {
        active.is_none_or(|active| graph.user(user).active() == active)
            && under.is_none_or(|under| graph.distance(under, user).is_some())
    };
    issues.all().iter().flat_map(move |issue| {
        let people = issue.people.iter().enumerate().filter(move |(_, user)| wanted(**user));
        people.map(move |(at, &user)| Row { graph, issue, position: at + 1, user })
    })
}

pub(super) fn columns<'a>() -> Vec<Column<Row<'a>>> {
    use Kind::{Boolean, Integer, Text};
    let column = Column::<Row<'a>>::new;
    vec![
        column(
            "issue_id",
            Text,
            "Names the issue, in later snapshots too: rows of the same id are one issue.",
            "Issue.id",
            |row| format!("issue:{}:{}", words::issue(row.issue.kind), row.issue.key).into(),
        ),
        column(
            "kind",
            Text,
            "What is wrong, as `IssueKind` of the schema describes it.",
            "Issue.kind",
            |row| words::issue(row.issue.kind).into(),
        ),
        column(
            "severity",
            Text,
            "`ERROR` where answers are wrong or missing, `WARNING` where somebody should look, `INFO` where it may be meant \
             so.",
            "Issue.severity",
            |row| words::severity(row.issue.severity).into(),
        ),
        column(
            "people_count",
            Integer,
            "How many users the issue touches: so many rows it has.",
            "Issue.people.totalCount",
            |row| row.issue.people.len().into(),
        ),
        column(
            "below_count",
            Integer,
            "How many other persons sit below those.",
            "Issue.belowCount",
            |row| row.issue.below.into(),
        ),
        column("position", Integer, "The place of this user among them, from 1 up.", "Issue.people", |row| {
            row.position.into()
        }),
        column("user_id", Text, "Gong's id of the user who is touched.", "Issue.people.nodes.id", |row| {
            row.user_id().into()
        }),
        column("user_name", Text, "That user's name.", "Issue.people.nodes.name", |row| {
            row.record().name().into()
        })
        .nullable(),
        column(
            "user_active",
            Boolean,
            "Whether that user is active in Gong.",
            "Issue.people.nodes.active",
            |row| row.record().active().into(),
        ),
        column(
            "email_address",
            Text,
            "The address in common, for `DUPLICATE_EMAIL`. For analysts it may be a trusted one.",
            "Issue.emailAddress",
            |row| row.issue.address.as_ref().map(|address| address.as_str()).into(),
        )
        .nullable()
        .showing(Contact::TrustedEmailAddress, Row::shows_trusted),
        column("advice", Text, "What to do about it, in words.", "Issue.advice", |row| {
            row.issue.kind.advice().into()
        }),
    ]
}
