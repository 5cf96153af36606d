//! Documents as trees that can be changed, and as the texts that say the same.

use std::collections::BTreeSet;

use fastrand::Rng;

use super::value::Value;

#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: Vec<Fragment>,
    /// Each operation declares those that it uses.
    pub(super) variables: Vec<Variable>,
    pub(super) flaw: Option<Flaw>,
}

/// What is wrong with a document, wherever that may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flaw {
    /// The last variable is declared by nobody.
    Undeclared,
    /// All variables are declared by everybody, used or not.
    Unused,
    /// Fragments that nobody spreads.
    Unspread,
    /// A brace too few.
    Unclosed,
}

#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) kind: &'static str,
    pub(super) name: Option<String>,
    pub(super) selections: Vec<Selection>,
}

#[derive(Clone, Debug)]
pub(super) struct Fragment {
    pub(super) name: String,
    pub(super) on: String,
    pub(super) selections: Vec<Selection>,
}

#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) default: Option<Value>,
    /// The argument that it was made for.
    pub(super) purpose: String,
}

pub(super) type Directives = Vec<(&'static str, Value)>;

#[derive(Clone, Debug)]
pub(super) enum Selection {
    Field(Field),
    Inline { on: Option<String>, directives: Directives, selections: Vec<Selection> },
    Spread { fragment: String, directives: Directives },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    pub(super) alias: Option<String>,
    pub(super) name: String,
    pub(super) arguments: Vec<(String, Value)>,
    pub(super) directives: Directives,
    pub(super) selections: Vec<Selection>,
}

impl Field {
    /// The key that it is answered under.
    pub(super) fn key(&self) -> &str {
        self.alias.as_ref().unwrap_or(&self.name)
    }

    /// What two fields of one key have to have in common.
    pub(super) fn call(&self) -> String {
        let mut arguments: Vec<_> = self.arguments.iter().collect();
        arguments.sort_by_key(|(name, _)| name);
        let mut tokens = vec![self.name.clone()];
        for (name, value) in arguments {
            tokens.push(name.clone());
            value.tokens(&mut tokens);
        }
        tokens.join(" ")
    }
}

impl Document {
    pub(super) fn fragment(&self, name: &str) -> Option<&Fragment> {
        self.fragments.iter().find(|fragment| fragment.name == name)
    }

    /// The operation that a request of this name asks for.
    pub(super) fn operation(&self, name: Option<&str>) -> Option<&Operation> {
        self.operations.iter().find(|operation| name.is_none() || operation.name.as_deref() == name)
    }

    /// The fragments that `selections` spread, and the variables that are used there.
    fn used<'a>(&'a self, selections: &'a [Selection]) -> (BTreeSet<&'a str>, BTreeSet<&'a str>) {
        let (mut spread, mut variables) = (BTreeSet::new(), BTreeSet::new());
        let mut sets = vec![selections];
        while let Some(set) = sets.pop() {
            for selection in set {
                let directives = match selection {
                    Selection::Field(field) => {
                        field.arguments.iter().for_each(|(_, value)| value.variables(&mut variables));
                        sets.push(&field.selections);
                        &field.directives
                    }
                    Selection::Inline { directives, selections, .. } => {
                        sets.push(selections);
                        directives
                    }
                    Selection::Spread { fragment, directives } => {
                        if spread.insert(fragment.as_str())
                            && let Some(fragment) = self.fragment(fragment)
                        {
                            sets.push(&fragment.selections);
                        }
                        directives
                    }
                };
                directives.iter().for_each(|(_, value)| value.variables(&mut variables));
            }
        }
        (spread, variables)
    }

    /// Its tokens. Fragments come after or before the operations.
    pub(super) fn tokens(&self, fragments_first: bool) -> Vec<String> {
        let (mut operations, mut fragments, mut spread) = (Vec::new(), Vec::new(), BTreeSet::new());
        for operation in &self.operations {
            let (spreads, used) = self.used(&operation.selections);
            spread.extend(spreads);
            let declared: Vec<_> = match self.flaw {
                Some(Flaw::Unused) => self.variables.iter().collect(),
                _ => self.variables.iter().filter(|variable| used.contains(&*variable.name)).collect(),
            };
            let fewer = usize::from(self.flaw == Some(Flaw::Undeclared));
            operation.tokens(&declared[..declared.len().saturating_sub(fewer)], &mut operations);
        }
        for fragment in &self.fragments {
            if self.flaw == Some(Flaw::Unspread) || spread.contains(&*fragment.name) {
                fragments.extend(["fragment", &fragment.name, "on", &fragment.on].map(str::to_owned));
                set(&fragment.selections, &mut fragments);
            }
        }
        if self.flaw == Some(Flaw::Unclosed) {
            operations.pop();
        }
        if fragments_first { [fragments, operations].concat() } else { [operations, fragments].concat() }
    }

    /// The text with a space between any two tokens.
    pub(super) fn plain(&self) -> String {
        self.tokens(false).join(" ")
    }

    /// A text with any white space and comments.
    pub(super) fn spelt(&self, rng: &mut Rng) -> String {
        let (dense, tokens) = (rng.bool(), self.tokens(rng.u8(..) < 64));
        let mut text = String::new();
        for token in &tokens {
            match rng.u8(..) {
                _ if dense => text.push_str(if needs_space(&text, token) { " " } else { "" }),
                0 => text.push_str(" # \"}{é\n"),
                1..8 => text.push(','),
                8..16 => text.push_str("\n\t"),
                16 => text.push('\u{feff}'),
                _ => text.push(' '),
            }
            let inside = token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            let is_plain = |inside: &&str| {
                !inside.is_empty() && inside.trim() == *inside && !inside.contains(['\\', '"'])
            };
            match inside.filter(is_plain) {
                Some(inside) if rng.u8(..) < 16 => text.push_str(&format!("\"\"\"{inside}\"\"\"")),
                _ => text.push_str(token),
            }
        }
        text
    }
}

/// Whether `token` would run into what stands before it.
fn needs_space(text: &str, token: &str) -> bool {
    let runs = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | '.' | '-');
    text.ends_with(runs) && token.starts_with(runs)
}

impl Operation {
    fn tokens(&self, variables: &[&Variable], tokens: &mut Vec<String>) {
        if self.kind != "query" || self.name.is_some() || !variables.is_empty() {
            tokens.push(self.kind.to_owned());
            tokens.extend(self.name.clone());
        }
        if !variables.is_empty() {
            tokens.push("(".to_owned());
            for Variable { name, ty, default, .. } in variables {
                tokens.extend([format!("${name}"), ":".to_owned(), ty.clone()]);
                if let Some(value) = default {
                    tokens.push("=".to_owned());
                    value.tokens(tokens);
                }
            }
            tokens.push(")".to_owned());
        }
        set(&self.selections, tokens);
    }
}

fn set(selections: &[Selection], tokens: &mut Vec<String>) {
    tokens.push("{".to_owned());
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                if let Some(alias) = &field.alias {
                    tokens.extend([alias.clone(), ":".to_owned()]);
                }
                tokens.push(field.name.clone());
                arguments(&field.arguments, tokens);
                directives(&field.directives, tokens);
                if !field.selections.is_empty() {
                    set(&field.selections, tokens);
                }
            }
            Selection::Inline { on, directives: conditions, selections } => {
                tokens.push("...".to_owned());
                if let Some(on) = on {
                    tokens.extend(["on".to_owned(), on.clone()]);
                }
                directives(conditions, tokens);
                set(selections, tokens);
            }
            Selection::Spread { fragment, directives: conditions } => {
                tokens.extend(["...".to_owned(), fragment.clone()]);
                directives(conditions, tokens);
            }
        }
    }
    tokens.push("}".to_owned());
}

fn arguments(arguments: &[(String, Value)], tokens: &mut Vec<String>) {
    if arguments.is_empty() {
        return;
    }
    tokens.push("(".to_owned());
    for (name, value) in arguments {
        tokens.extend([name.clone(), ":".to_owned()]);
        value.tokens(tokens);
    }
    tokens.push(")".to_owned());
}

fn directives(directives: &Directives, tokens: &mut Vec<String>) {
    for (name, value) in directives {
        tokens.push(format!("@{name}"));
        arguments(&[("if".to_owned(), value.clone())], tokens);
    }
}
