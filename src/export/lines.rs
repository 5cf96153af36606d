//! The table `reporting_lines`: the closure of who reports to whom, a row for each user and each of those above.

use crate::org::{Line, LineScope, Lines, OrgGraph, UserIndex};

use super::{
    audience::Awaited,
    column::{Column, Kind},
    question::Question,
};

/// A line of an organisation.
pub(super) struct Row<'a> {
    graph: &'a OrgGraph,
    line: Line,
}

impl Row<'_> {
    fn name(&self, user: UserIndex) -> Option<&str> {
        self.graph.user(user).name()
    }
}

/// The lines that are asked for, but for the state of their lower ends.
pub(super) fn scope<'a>(graph: &'a OrgGraph, question: &Question) -> Lines<'a> {
    graph.lines(LineScope { under: question.under_in(graph), ..LineScope::default() })
}

/// The lines as rows, while they are awaited: there may be hundreds of millions, of which none is of anybody who is
/// `active` or not.
pub(super) fn rows<'l>(
    graph: &'l OrgGraph,
    lines: &'l Lines<'_>,
    question: &Question,
    awaited: &'l Awaited,
) -> impl Iterator<Item = Row<'l>> {
    let active = question.active;
    let wanted =
        move |line: &Line| active.is_none_or(|active| graph.user(line.descendant).active() == active);
    lines.each().take_while(|_| awaited.is_so()).filter(wanted).map(move |line| Row { graph, line })
}

pub(super) fn columns<'a>() -> Vec<Column<Row<'a>>> {
    use Kind::{Integer, Text};
    let column = Column::<Row<'a>>::new;
    vec![
        column("ancestor_id", Text, "The upper end: somebody above.", "ReportingLine.ancestor.id", |row| {
            row.graph.user(row.line.ancestor).id().into()
        }),
        column("descendant_id", Text, "The lower end.", "ReportingLine.descendant.id", |row| {
            row.graph.user(row.line.descendant).id().into()
        }),
        column(
            "distance",
            Integer,
            "Steps from one to the other, from 1 up.",
            "ReportingLine.distance",
            |row| row.line.distance.into(),
        ),
        column("ancestor_name", Text, "The upper end's name.", "ReportingLine.ancestor.name", |row| {
            row.name(row.line.ancestor).into()
        })
        .nullable(),
        column("descendant_name", Text, "The lower end's name.", "ReportingLine.descendant.name", |row| {
            row.name(row.line.descendant).into()
        })
        .nullable(),
    ]
}
