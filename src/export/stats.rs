//! The table `org_stats`: the shape of the company, a row for everybody and one for each group of each kind.

use crate::org::{Census, Figures, GroupBy, OrgGraph, UserFilter, UserIndex};

use super::{
    column::{Column, Kind},
    question::Question,
    words,
};

/// The numbers of some people.
pub(super) struct Row<'a> {
    graph: &'a OrgGraph,
    by: Option<GroupBy>,
    key: Option<String>,
    label: Option<String>,
    user: Option<UserIndex>,
    figures: Figures,
}

const GROUPS: [GroupBy; 5] =
    [GroupBy::Depth, GroupBy::Title, GroupBy::EmailDomain, GroupBy::Top, GroupBy::Manager];

/// Persons alone are counted.
pub(super) fn rows<'a>(graph: &'a OrgGraph, question: &Question) -> impl Iterator<Item = Row<'a>> {
    let under = question.under.as_deref().map(crate::org::UserId::new);
    let filter = UserFilter { active: question.active, under, ..UserFilter::default() };
    let census = graph.census(None, &filter);
    let all = Row { graph, by: None, key: None, label: None, user: None, figures: census.figures() };
    std::iter::once(all).chain(GROUPS.into_iter().flat_map(move |by| groups(graph, &census, by)))
}

fn groups<'a>(graph: &'a OrgGraph, census: &Census, by: GroupBy) -> impl Iterator<Item = Row<'a>> + use<'a> {
    census.groups(graph, by).into_iter().map(move |group| {
        let name = group.user.and_then(|user| graph.user(user).name()).map(str::to_owned);
        Row {
            graph,
            by: Some(by),
            key: group.key,
            label: name.or(group.label),
            user: group.user,
            figures: group.figures,
        }
    })
}

pub(super) fn columns<'a>() -> Vec<Column<Row<'a>>> {
    use Kind::{Integer, Number, Text};
    let column = Column::<Row<'a>>::new;
    vec![
        column(
            "grouped_by",
            Text,
            "What the people of the row have in common: `ALL` (one row), `DEPTH`, `TITLE`, `EMAIL_DOMAIN`, `TOP`, `MANAGER`. \
             In the rows of each, everybody is counted once.",
            "orgStats(groupBy:)",
            |row| row.by.map_or("ALL", words::grouped_by).into(),
        ),
        column(
            "key",
            Text,
            "The depth, the title or domain in lower case, the id of the top or manager. None for those who have no such \
             thing.",
            "OrgStatsGroup.key",
            |row| row.key.as_deref().into(),
        )
        .nullable(),
        column("label", Text, "The same for people to read.", "OrgStatsGroup.label", |row| {
            row.label.as_deref().into()
        })
        .nullable(),
        column("user_id", Text, "The top or the manager, of a ring the smallest id.", "OrgStatsGroup.user.id", |row| {
            row.user.map(|user| row.graph.user(user).id()).into()
        })
        .nullable(),
        column("headcount", Integer, "How many persons there are.", "OrgStatsGroup.headcount", |row| {
            row.figures.headcount.into()
        }),
        column("active_count", Integer, "How many of them are active.", "OrgStatsGroup.activeCount", |row| {
            row.figures.active.into()
        }),
        column("manager_count", Integer, "How many have direct reports.", "OrgStatsGroup.managerCount", |row| {
            row.figures.managers().into()
        }),
        column(
            "individual_contributor_count",
            Integer,
            "How many have none.",
            "OrgStatsGroup.individualContributorCount",
            |row| row.figures.individual_contributors().into(),
        ),
        column("span_min", Integer, "The fewest direct reports of a manager.", "SpanOfControl.min", |row| {
            row.figures.spans.min().into()
        })
        .nullable(),
        column("span_max", Integer, "The most direct reports of a manager.", "SpanOfControl.max", |row| {
            row.figures.spans.max().into()
        })
        .nullable(),
        column("span_mean", Number, "Direct reports of a manager, on average.", "SpanOfControl.mean", |row| {
            row.figures.spans.mean().into()
        })
        .nullable(),
        column("span_median", Number, "Direct reports of the manager in the middle.", "SpanOfControl.median", |row| {
            row.figures.spans.median().into()
        })
        .nullable(),
    ]
}
