//! Values of GraphQL, as a document writes them and as JSON does.

use std::collections::BTreeSet;

use fastrand::Rng;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Enum(String),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
    Variable(String),
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Appends its tokens in a document.
    pub(super) fn tokens(&self, tokens: &mut Vec<String>) {
        match self {
            Self::Null => tokens.push("null".to_owned()),
            Self::Boolean(value) => tokens.push(value.to_string()),
            Self::Int(number) => tokens.push(number.to_string()),
            Self::Float(number) => tokens.push(format!("{number:?}")),
            Self::Text(text) => tokens.push(serde_json::to_string(text).unwrap()),
            Self::Enum(name) => tokens.push(name.clone()),
            Self::List(items) => {
                tokens.push("[".to_owned());
                items.iter().for_each(|item| item.tokens(tokens));
                tokens.push("]".to_owned());
            }
            Self::Object(fields) => {
                tokens.push("{".to_owned());
                for (name, value) in fields {
                    tokens.extend([name.clone(), ":".to_owned()]);
                    value.tokens(tokens);
                }
                tokens.push("}".to_owned());
            }
            Self::Variable(name) => tokens.push(format!("${name}")),
        }
    }

    /// Adds the variables in it.
    pub(super) fn variables<'a>(&'a self, into: &mut BTreeSet<&'a str>) {
        match self {
            Self::Variable(name) => _ = into.insert(name),
            Self::List(items) => items.iter().for_each(|item| item.variables(into)),
            Self::Object(fields) => fields.iter().for_each(|(_, value)| value.variables(into)),
            _ => {}
        }
    }

    /// As JSON, with the keys in any order and white space anywhere.
    pub(super) fn json(&self, rng: &mut Rng) -> String {
        match self {
            Self::Null | Self::Variable(_) => "null".to_owned(),
            Self::Enum(name) => format!("\"{name}\""),
            Self::Boolean(_) | Self::Int(_) | Self::Float(_) | Self::Text(_) => {
                let mut tokens = Vec::new();
                self.tokens(&mut tokens);
                tokens.concat()
            }
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| item.json(rng)).collect();
                format!("[{}{}]", space(rng), items.join(&format!("{},", space(rng))))
            }
            Self::Object(fields) => object(fields, rng),
        }
    }
}

/// An object of JSON, with the keys in any order and white space anywhere.
pub(super) fn object(fields: &[(String, Value)], rng: &mut Rng) -> String {
    let mut members: Vec<_> =
        fields.iter().map(|(name, value)| format!("\"{name}\":{}{}", space(rng), value.json(rng))).collect();
    rng.shuffle(&mut members);
    format!("{{{}{}}}", members.join(&format!("{},", space(rng))), space(rng))
}

fn space(rng: &mut Rng) -> &'static str {
    rng.choice(["", "", " ", "\n  ", "\t"]).unwrap()
}
