//! The tables: what each is, and its columns.

use super::{
    audience::Awaited,
    batch::{self, Batches, Stopped},
    column::{Column, Told},
    issues, lines, orphans,
    question::Question,
    stats, users,
};
use crate::org::OrgGraph;

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// Everybody.
    Users,
    /// The closure of who reports to whom.
    ReportingLines,
    /// Whose line to a root is broken or missing.
    Orphans,
    /// What is wrong.
    OrgIssues,
    /// The shape of the company.
    OrgStats,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 5] =
        [Self::Users, Self::ReportingLines, Self::Orphans, Self::OrgIssues, Self::OrgStats];

    /// Its name in an URL and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::ReportingLines => "reporting_lines",
            Self::Orphans => "orphans",
            Self::OrgIssues => "org_issues",
            Self::OrgStats => "org_stats",
        }
    }

    /// The table of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    /// What its rows are.
    pub fn description(self) -> &'static str {
        match self {
            Self::Users => {
                "Everybody, a row a user, in the order of the tree; avatars whom somebody names as manager too, so that \
                 every line ends at a row."
            }
            Self::ReportingLines => {
                "The closure of who reports to whom: a row for each user and each of those above, with the distance. \
                 Nobody is above themselves."
            }
            Self::Orphans => "A row for each person whose line to a root is broken or missing, and why.",
            Self::OrgIssues => {
                "What is wrong with the company: a row for each issue and each user whom it touches, the worst first."
            }
            Self::OrgStats => {
                "Headcounts and spans of control: a row for everybody, then one for each depth, title, domain, top and \
                 manager. Avatars are not counted."
            }
        }
    }

    /// What `active` and `under` leave in it.
    pub fn filtered_by(self) -> &'static str {
        match self {
            Self::Users | Self::Orphans => "the row's user",
            Self::ReportingLines => "the lower end of the line",
            Self::OrgIssues => "the user who is touched; what is told of the issue as a whole stays as it is",
            Self::OrgStats => "those who are counted; depths count from the top of the company all the same",
        }
    }

    /// Its columns, in their order: those of every level, and those that not every role may see.
    pub fn columns(self) -> Vec<Told> {
        fn told<R>(columns: Vec<Column<R>>) -> Vec<Told> {
            columns.into_iter().map(|column| column.told).collect()
        }
        match self {
            Self::Users => told(users::columns()),
            Self::ReportingLines => told(lines::columns()),
            Self::Orphans => told(orphans::columns()),
            Self::OrgIssues => told(issues::columns()),
            Self::OrgStats => told(stats::columns()),
        }
    }

    /// Fills `batches` with the rows that `question` asks for, all of them while they are `awaited`.
    pub(super) fn fill(
        self,
        graph: &OrgGraph,
        question: &Question,
        awaited: &Awaited,
        batches: &mut Batches<'_>,
    ) -> Result<(), Stopped> {
        fn nobody<R>(_: &R) -> Option<&str> {
            None
        }
        match self {
            Self::Users => {
                let rows = users::rows(graph, question);
                batch::fill(users::columns(), rows, |row| Some(row.id()), question, batches)
            }
            Self::ReportingLines => {
                let lines = lines::scope(graph, question);
                let rows = lines::rows(graph, &lines, question, awaited);
                batch::fill(lines::columns(), rows, nobody, question, batches)
            }
            Self::Orphans => {
                batch::fill(orphans::columns(), orphans::rows(graph, question), nobody, question, batches)
            }
            Self::OrgIssues => {
                let found = issues::found(graph);
                let rows = issues::rows(graph, &found, question);
                batch::fill(issues::columns(), rows, |row| Some(row.user_id()), question, batches)
            }
            Self::OrgStats => {
                batch::fill(stats::columns(), stats::rows(graph, question), nobody, question, batches)
            }
        }
    }

    /// About how many rows there are, in looks at users; for what one export costs.
    pub(super) fn price(self, graph: &OrgGraph, question: &Question) -> u64 {
        match self {
            Self::ReportingLines => lines::scope(graph, question).count(),
            // Each grouping looks at everybody.
            Self::OrgStats => graph.users().len() as u64 * 6,
            Self::Users | Self::Orphans | Self::OrgIssues => graph.users().len() as u64,
        }
    }
}
