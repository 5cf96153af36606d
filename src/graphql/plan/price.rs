//! What an answer could cost, as validation reckons it: by the text, whatever conditions leave of it.

use async_graphql::parser::types::{Field, Selection, SelectionSet};

use super::{
    arguments::{Arguments, Bound, Slot, Weight},
    collect::Compiler,
};
use crate::graphql::{
    connection::{cost, many},
    model::USUAL_LENGTH,
};

/// What a field costs where it stands, with everything below.
pub(super) struct Price {
    rule: Rule,
    slot: Option<Slot>,
    below: Box<[Price]>,
}

/// How the price of a field follows from that of one of what is below. These are the rules that the resolvers are
/// annotated with.
#[derive(Clone, Copy)]
enum Rule {
    /// One more.
    Plain,
    /// Once for each of a page.
    Page,
    /// The same, and what the filter costs.
    FilteredPage,
    /// One more, and what the filter costs.
    Filtered,
    /// Once for each of the ids.
    Ids,
    /// Once for each manager of a usual line.
    Line,
    /// As many as a usual line has.
    LineOfIds,
}

/// The rule for a field, and the type of the objects that it holds, if it does. Fields that plans don't know are no
/// matter here: a document with one is none for a plan.
fn rule(parent: &str, field: &str) -> (Rule, &'static str) {
    match (parent, field) {
        ("Query", "user") | ("User", "manager" | "level") => (Rule::Plain, "User"),
        ("Query", "node") => (Rule::Plain, "Node"),
        ("Query", "usersByIds") => (Rule::Ids, "User"),
        ("Query", "nodes") => (Rule::Ids, "Node"),
        ("Query", "users" | "roots") => (Rule::Page, "UserConnection"),
        ("Query", "reports") => (Rule::Page, "ReportConnection"),
        ("Query", "orphans") => (Rule::Page, "OrphanConnection"),
        ("Query", "managerChain") => (Rule::Plain, "ManagerChain"),
        ("User", "managerChain") => (Rule::Filtered, "ManagerChain"),
        ("User", "reports") => (Rule::FilteredPage, "ReportConnection"),
        ("User", "reportCount") => (Rule::Filtered, ""),
        ("User", "chainIds") => (Rule::LineOfIds, ""),
        ("ManagerChain", "nodes") => (Rule::Line, "User"),
        ("UserConnection" | "ReportConnection" | "OrphanConnection", "nodes") => (Rule::Plain, "User"),
        ("UserConnection", "edges") => (Rule::Plain, "UserEdge"),
        ("ReportConnection", "edges") => (Rule::Plain, "ReportEdge"),
        ("OrphanConnection", "edges") => (Rule::Plain, "OrphanEdge"),
        ("UserEdge" | "ReportEdge" | "OrphanEdge", "node") => (Rule::Plain, "User"),
        _ => (Rule::Plain, ""),
    }
}

impl Price {
    /// The prices of the fields of `set`, which stands where objects are of type `parent`, and what the arguments
    /// there come to.
    pub(super) fn all<'a>(
        parent: &'a str,
        set: &'a SelectionSet,
        compiler: &mut Compiler<'a>,
        weight: &mut Weight,
    ) -> Option<Box<[Self]>> {
        let mut prices = Vec::new();
        gather(parent, set, compiler, weight, &mut prices)?;
        Some(prices.into())
    }

    fn of<'a>(
        parent: &'a str,
        field: &'a Field,
        compiler: &mut Compiler<'a>,
        weight: &mut Weight,
    ) -> Option<Self> {
        let (rule, child) = rule(parent, &field.name.node);
        let slot = match field.arguments.is_empty() {
            true => None,
            false => Some(compiler.slot_of(field)?),
        };
        let below = Self::all(child, &field.selection_set.node, compiler, weight)?;
        Some(Self { rule, slot, below })
    }

    /// What `prices` are together, with these arguments.
    pub(super) fn sum(prices: &[Self], arguments: &[Bound<'_>]) -> usize {
        prices.iter().map(|price| price.reckon(arguments)).fold(0, usize::saturating_add)
    }

    fn reckon(&self, arguments: &[Bound<'_>]) -> usize {
        let below = Self::sum(&self.below, arguments);
        let given = self.slot.and_then(|slot| arguments.get(slot.0)).map(|bound| &**bound);
        let (first, last) =
            given.map_or((None, None), |given: &Arguments| (given.page.first, given.page.last));
        let filter = given.map_or(0, |given| given.filter_price);
        match self.rule {
            Rule::Plain => below.saturating_add(1),
            Rule::Page => cost(first, last, below),
            Rule::FilteredPage => filter.saturating_add(cost(first, last, below)),
            Rule::Filtered => filter.saturating_add(below).saturating_add(1),
            Rule::Ids => many(given.map_or(0, |given| given.ids.len()), below),
            Rule::Line => many(USUAL_LENGTH, below),
            Rule::LineOfIds => USUAL_LENGTH,
        }
    }
}

fn gather<'a>(
    parent: &'a str,
    set: &'a SelectionSet,
    compiler: &mut Compiler<'a>,
    weight: &mut Weight,
    prices: &mut Vec<Price>,
) -> Option<()> {
    for selection in &set.items {
        let field = match &selection.node {
            Selection::Field(field) => Some(&field.node),
            _ => None,
        };
        weight.add(field, selection.node.directives());
        match &selection.node {
            // Its type is all that it says.
            Selection::Field(field) if field.node.name.node == "__typename" => {}
            Selection::Field(field) => prices.push(Price::of(parent, &field.node, compiler, weight)?),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let on = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                gather(on, &fragment.node.selection_set.node, compiler, weight, prices)?;
            }
            // Within a fragment that is spread the type is that of the place, not of the fragment.
            Selection::FragmentSpread(spread) => {
                let fragment = compiler.fragment(&spread.node.fragment_name.node)?;
                gather(parent, &fragment.selection_set.node, compiler, weight, prices)?;
            }
        }
    }
    Some(())
}
