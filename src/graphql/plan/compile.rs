//! From a document that has been validated to a plan.

use async_graphql::{
    Variables,
    parser::types::{ExecutableDocument, OperationDefinition},
};

use super::{
    Planned, Unplanned,
    arguments::{Bound, Wanted, Weight},
    collect::{Compiler, Selection},
    price::Price,
    steps::Root,
};

/// An operation, worked out as far as it can be without the arguments of a request.
pub(in crate::graphql) struct Plan {
    pub(super) root: Selection<Root>,
    prices: Box<[Price]>,
    wanted: Box<[Wanted]>,
    weight: Weight,
}

impl Plan {
    /// The plan for an operation, where these variables decide conditions; none if it asks for anything that the
    /// resolvers have to answer. Costs a few visits of each field, as often as its fragment is spread.
    pub(super) fn of(
        document: &ExecutableDocument,
        operation: &OperationDefinition,
        conditions: &Variables,
    ) -> Option<Self> {
        let mut compiler = Compiler::new(document, conditions);
        let set = &operation.selection_set.node;
        let root = compiler.root("Query", set)?;
        let mut weight = Weight::default();
        let prices = Price::all("Query", set, &mut compiler, &mut weight)?;
        Some(Self { root, prices, wanted: compiler.wanted.into(), weight })
    }

    /// The arguments of all fields in a request with these variables, in which defaults are filled in and which have
    /// so many bytes; `most` is what all arguments may have.
    pub(in crate::graphql) fn bind(
        &self,
        variables: &Variables,
        bytes: usize,
        most: usize,
    ) -> Planned<Vec<Bound<'_>>> {
        // Each as if it were all of them: where that is too much it is counted exactly elsewhere.
        let Weight { bytes: written, variables: places } = self.weight;
        if places.saturating_mul(bytes).saturating_add(written) > most {
            return Err(Unplanned);
        }
        self.wanted.iter().map(|wanted| wanted.bind(variables)).collect()
    }

    /// What the answer could cost with these arguments.
    pub(in crate::graphql) fn price(&self, arguments: &[Bound<'_>]) -> u64 {
        Price::sum(&self.prices, arguments) as u64
    }
}
