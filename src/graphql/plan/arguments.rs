//! What fields want of a request: their arguments, read once for each request and not once for each user.

use std::ops::Deref;

use async_graphql::{
    ID, InputType, Positioned, Value, Variables,
    parser::types::{Directive, Field},
};

use super::{Planned, Unplanned};
use crate::{
    graphql::{
        caps,
        connection::PageArguments,
        input::{UserFilter, UserOrder, distinct},
        model, price,
        scalar::EmailAddress,
    },
    org::{self, Order, OrphanReason},
};

/// Where a field finds its arguments.
#[derive(Clone, Copy)]
pub(super) struct Slot(pub(super) usize);

/// The arguments of one field, as far as they are given. No field takes all of them; a name means the same wherever it
/// is taken.
#[derive(Default)]
pub(in crate::graphql) struct Arguments {
    /// `id`, `managerId` or `userId`.
    pub(super) id: Option<String>,
    pub(super) ids: Vec<String>,
    pub(super) email: Option<org::EmailAddress>,
    pub(super) filter: Option<Box<org::UserFilter>>,
    /// What the filter costs wherever its field is answered.
    pub(super) filter_price: usize,
    pub(super) order: Option<Order>,
    pub(super) page: PageArguments,
    pub(super) transitive: Option<bool>,
    pub(super) max_depth: Option<i64>,
    pub(super) reasons: Option<Vec<OrphanReason>>,
    /// `n`.
    pub(super) level: Option<i64>,
}

impl Arguments {
    /// Takes an argument of `field` as its resolver does.
    fn take(&mut self, field: &Field, name: &str, value: Value) -> Planned<()> {
        match name {
            "id" if field.name.node == "user" => self.id = read::<Option<ID>>(value)?.map(|id| id.0),
            "id" | "managerId" | "userId" => self.id = Some(read::<ID>(value)?.0),
            "ids" => self.ids = read::<Vec<ID>>(value)?.into_iter().map(|id| id.0).collect(),
            "email" => self.email = read::<Option<EmailAddress>>(value)?.map(|email| email.0),
            // A promise that the clock has a say in.
            "maxAge" => return read::<Option<i64>>(value)?.map_or(Ok(()), |_| Err(Unplanned)),
            "filter" => {
                let filter = read::<Option<UserFilter>>(value)?;
                self.filter_price = price::filter(&filter);
                self.filter = filter.map(|filter| filter.try_into().map(Box::new)).transpose()?;
            }
            "orderBy" => self.order = read::<Option<UserOrder>>(value)?.map(Into::into),
            "first" => self.page.first = read(value)?,
            "last" => self.page.last = read(value)?,
            "after" => self.page.after = read(value)?,
            "before" => self.page.before = read(value)?,
            "transitive" => self.transitive = read(value)?,
            "maxDepth" => self.max_depth = read(value)?,
            "reasons" => self.reasons = read::<Option<Vec<model::OrphanReason>>>(value)?.map(distinct),
            "n" => self.level = Some(read(value)?),
            _ => return Err(Unplanned),
        }
        Ok(())
    }
}

fn read<T: InputType>(value: Value) -> Planned<T> {
    T::parse(Some(value)).map_err(|_| Unplanned)
}

/// What a field wants of each request.
pub(super) enum Wanted {
    /// Nothing: its arguments stand in the text.
    Fixed(Arguments),
    /// The field, which has variables among its arguments.
    Open(Field),
}

impl Wanted {
    pub(super) fn of(field: &Field) -> Planned<Self> {
        let mut arguments = Arguments::default();
        for (name, value) in &field.arguments {
            match value.node.clone().into_const() {
                Some(value) => arguments.take(field, &name.node, value)?,
                None => {
                    let (name, arguments) = (field.name.clone(), field.arguments.clone());
                    let (directives, selection_set) = (Vec::new(), Positioned::default());
                    return Ok(Self::Open(Field { alias: None, name, arguments, directives, selection_set }));
                }
            }
        }
        Ok(Self::Fixed(arguments))
    }

    /// The arguments in a request with these variables, in which defaults are filled in.
    pub(super) fn bind(&self, variables: &Variables) -> Planned<Bound<'_>> {
        let field = match self {
            Self::Fixed(arguments) => return Ok(Bound::Fixed(arguments)),
            Self::Open(field) => field,
        };
        let mut arguments = Arguments::default();
        for (name, value) in &field.arguments {
            // A variable that isn't given, and needn't be, is null.
            let given = |name| Ok::<_, Unplanned>(variables.get(&name).cloned().unwrap_or_default());
            arguments.take(field, &name.node, value.node.clone().into_const_with(given)?)?;
        }
        Ok(Bound::Made(Box::new(arguments)))
    }
}

/// The arguments of a field in one request.
pub(in crate::graphql) enum Bound<'a> {
    Fixed(&'a Arguments),
    Made(Box<Arguments>),
}

impl Deref for Bound<'_> {
    type Target = Arguments;

    fn deref(&self) -> &Arguments {
        match self {
            Self::Fixed(arguments) => arguments,
            Self::Made(arguments) => arguments,
        }
    }
}

/// How large the arguments of a document are wherever they are used.
#[derive(Clone, Copy, Default)]
pub(super) struct Weight {
    /// Bytes that stand in the text.
    pub(super) bytes: usize,
    /// How often a variable stands there.
    pub(super) variables: usize,
}

impl Weight {
    pub(super) fn add(&mut self, field: Option<&Field>, directives: &[Positioned<Directive>]) {
        let directives = directives.iter().flat_map(|directive| &directive.node.arguments);
        for (name, value) in field.into_iter().flat_map(|field| &field.arguments).chain(directives) {
            let constant = value.node.clone().into_const_with(|_| {
                self.variables += 1;
                Ok::<_, Unplanned>(Value::Null)
            });
            self.bytes += name.node.len() + constant.as_ref().map_or(0, caps::bytes);
        }
    }
}
