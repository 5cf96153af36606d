//! What makes the schema a subgraph of Apollo Federation 2. The names are the federation's own.

use async_graphql::{InputValueResult, Object, Scalar, ScalarType, Union, Value};

use super::User;
use crate::{
    graphql::error::Fault,
    org::{EmailAddress, UserView},
};

/// What other subgraphs know of an entity.
pub(in crate::graphql) struct Representation(Value);

/// What another subgraph knows of an entity: `__typename`, and the fields of one of its keys.
#[Scalar(
    name = "_Any",
    specified_by_url = "https://www.apollographql.com/docs/graphos/reference/federation/subgraph-specific-fields"
)]
impl ScalarType for Representation {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(value))
    }

    fn to_value(&self) -> Value {
        self.0.clone()
    }
}

/// A user by one of the keys of `User`.
pub(in crate::graphql) enum Key {
    Id(String),
    EmailAddress(EmailAddress),
}

impl Representation {
    /// The key that it holds; of two the id, which can't be ambiguous.
    pub(in crate::graphql) fn key(&self) -> Result<Key, Fault> {
        let wrong = |why| Err(Fault::argument("representations", why));
        let Value::Object(fields) = &self.0 else { return wrong("each must be an object") };
        if !matches!(fields.get("__typename"), Some(Value::String(name)) if name == "User") {
            return wrong("each must have the `__typename` `User`, the one entity here");
        }
        match (fields.get("id"), fields.get("emailAddress")) {
            (Some(Value::String(id)), _) => Ok(Key::Id(id.clone())),
            (Some(Value::Number(id)), _) if !id.is_f64() => Ok(Key::Id(id.to_string())),
            (None | Some(Value::Null), Some(Value::String(address))) if address.contains('@') => {
                Ok(Key::EmailAddress(EmailAddress::new(address.trim())))
            }
            _ => wrong("each must have an `id`, or an `emailAddress` with an @"),
        }
    }
}

/// Whatever other subgraphs can refer to by a key.
#[derive(Union)]
#[graphql(name = "_Entity")]
pub(in crate::graphql) enum Entity {
    User(User),
}

impl From<UserView> for Entity {
    fn from(user: UserView) -> Self {
        Self::User(User(user))
    }
}

/// This subgraph, as a gateway wants to know it.
pub(in crate::graphql) struct Service(pub(in crate::graphql) &'static str);

/// This subgraph, for a gateway that composes it with others.
#[Object(name = "_Service")]
impl Service {
    /// The schema with the keys of its entities, as `orgraph schema --federation` prints it.
    #[graphql(complexity = "5_000")]
    async fn sdl(&self) -> &str {
        self.0
    }
}
