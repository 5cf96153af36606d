//! Documents drawn from the schema: most are valid and ask for what a snapshot has.

use fastrand::Rng;

use super::{
    document::{Directives, Document, Field, Flaw, Fragment, Operation, Selection},
    scope::Scope,
    value::Value,
};
use crate::hostile::contract::{Contract, base};

/// What the company and earlier answers hold, for arguments.
#[derive(Default)]
pub(super) struct Pool {
    pub(super) ids: Vec<String>,
    pub(super) emails: Vec<String>,
    pub(super) issues: Vec<String>,
    pub(super) cursors: Vec<String>,
}

pub(super) struct Drawing<'a> {
    pub(super) contract: &'a Contract,
    pub(super) pool: &'a Pool,
    pub(super) rng: &'a mut Rng,
    pub(super) document: Document,
    /// While what is drawn may hold no variable.
    pub(super) is_constant: bool,
}

/// The fields of the root that are answered from a snapshot and asked for most.
pub(super) const ROOTS: [&str; 10] = [
    "user",
    "usersByIds",
    "users",
    "node",
    "nodes",
    "reports",
    "managerChain",
    "orphans",
    "roots",
    "snapshot",
];
/// Fields for which Gong has to be asked, which says nothing here.
pub(super) const LIVE: [&str; 7] =
    ["activity", "calls", "settingsHistory", "seatAudit", "scorecards", "workspaces", "coachingReports"];
/// Fields that are seldom answered with anything, or that alone lead to their types.
const LONELY: [&str; 5] = ["issues", "checks", "anomalies", "level", "emailAddress"];
const ALIASES: [&str; 8] = ["a", "b", "id", "name", "nodes", "__x", "user", "totalCount"];

impl<'a> Drawing<'a> {
    pub(super) fn new(contract: &'a Contract, pool: &'a Pool, rng: &'a mut Rng) -> Self {
        Self { contract, pool, rng, document: Document::default(), is_constant: false }
    }

    /// The `nth` document. Of what is asked for less everything has its turn.
    pub(super) fn document(mut self, nth: u64) -> Document {
        let operations = if self.one_in(7) { self.rng.usize(2..4) } else { 1 };
        for at in 0..operations {
            let kind = match self.rng.u16(..) {
                0..120 => "subscription",
                120..200 => "mutation",
                _ => "query",
            };
            let name = (operations > 1 || self.rng.bool()).then(|| format!("Q{at}"));
            let depth = self.rng.usize(1..6);
            let mut scope = Scope::default();
            let other = self.one_in(7).then(|| self.in_turn(nth, depth, &mut scope));
            let mut selections = Vec::from_iter(other.map(Selection::Field));
            if selections.is_empty() || self.one_in(3) {
                selections.extend(self.selections("Query", depth, 0, &mut scope));
            }
            self.document.operations.push(Operation { kind, name, selections });
        }
        self.document.flaw = match self.rng.u16(..) {
            0..200 => Some(Flaw::Undeclared),
            200..400 => Some(Flaw::Unused),
            400..600 => Some(Flaw::Unspread),
            600..800 => Some(Flaw::Unclosed),
            800..900 => {
                self.spread_in_a_circle();
                None
            }
            _ => None,
        };
        self.document
    }

    pub(super) fn one_in(&mut self, n: u32) -> bool {
        self.rng.u32(..n) == 0
    }

    /// A field of the root that isn't asked for most.
    fn in_turn(&mut self, nth: u64, depth: usize, scope: &mut Scope) -> Field {
        let fields = self.contract.fields("Query");
        let others: Vec<_> = fields.iter().filter(|field| !ROOTS.contains(&&*field.name)).collect();
        let field = others[nth as usize % others.len()];
        self.field("Query", field, depth, 0, scope)
    }

    fn spread_in_a_circle(&mut self) {
        if let Some(fragment) = self.document.fragments.first_mut() {
            let spread = Selection::Spread { fragment: fragment.name.clone(), directives: Vec::new() };
            fragment.selections.push(spread);
        }
    }

    fn selections(&mut self, ty: &str, depth: usize, listings: usize, scope: &mut Scope) -> Vec<Selection> {
        let mut selections = Vec::new();
        let most = match (ty, depth) {
            ("Query", _) => 3,
            (_, 0) => 6,
            _ => 4,
        };
        for _ in 0..self.rng.usize(1..most) {
            let selection = match self.rng.u8(..) {
                0..18 => self.inline(ty, depth, listings, scope),
                18..40 if ty != "Query" || self.one_in(2) => self.spread(ty, depth, listings, scope),
                40..58 => self.again(ty, &selections, depth, listings, scope),
                58..72 => Some(self.typename(scope)),
                _ => self.any_field(ty, depth, listings, scope),
            };
            selections.extend(selection);
        }
        if selections.is_empty() {
            selections.push(self.typename(scope));
        }
        selections
    }

    fn typename(&mut self, scope: &mut Scope) -> Selection {
        let mut field = Field { name: "__typename".to_owned(), ..Field::default() };
        self.name(&mut field, scope);
        // async-graphql 7.2 takes a variable for unused that only a condition of `__typename` uses.
        self.is_constant = !self.one_in(20);
        field.directives = self.directives();
        self.is_constant = false;
        Selection::Field(field)
    }

    /// A field of `ty`, a leaf where it can't go deeper.
    fn any_field(&mut self, ty: &str, depth: usize, listings: usize, scope: &mut Scope) -> Option<Selection> {
        if self.contract.members.contains_key(ty) && !self.one_in(3) {
            return self.inline(ty, depth, listings, scope);
        }
        let live = self.one_in(40);
        let all = self.contract.fields(ty);
        let fits = |name: &str, inner: &str| match ty {
            "Query" => ROOTS.contains(&name),
            _ => (live || !LIVE.contains(&name)) && (depth > 0 || !self.contract.is_composite(inner)),
        };
        let fields: Vec<_> = all.iter().filter(|field| fits(&field.name, base(&field.ty))).collect();
        let lonely = fields.iter().find(|field| LONELY.contains(&&*field.name) && self.rng.u8(..) < 32);
        let field = *lonely.or_else(|| self.rng.choice(&fields))?;
        Some(Selection::Field(self.field(ty, field, depth, listings, scope)))
    }

    fn field(
        &mut self,
        ty: &str,
        field: &crate::hostile::contract::Field,
        depth: usize,
        listings: usize,
        scope: &mut Scope,
    ) -> Field {
        let arguments = self.arguments(ty, field, listings);
        let mut drawn = Field { name: field.name.clone(), arguments, ..Field::default() };
        self.name(&mut drawn, scope);
        drawn.directives = self.directives();
        let inner = base(&field.ty);
        if self.contract.is_composite(inner) != self.one_in(1_500) {
            let mut lost = Scope::default();
            let below = scope.below(&drawn).unwrap_or(&mut lost);
            let listings = listings + usize::from(!field.arguments.is_empty() || ty == "Query");
            drawn.selections = self.selections(inner, depth.saturating_sub(1), listings, below);
        }
        drawn
    }

    /// Gives `field` a key that it can have, as a rule.
    fn name(&mut self, field: &mut Field, scope: &mut Scope) {
        if self.one_in(7) {
            field.alias = self.rng.choice(ALIASES).map(str::to_owned);
        }
        let mut at = 0;
        while scope.below(field).is_none() && !self.one_in(50) {
            field.alias = Some(format!("k{at}"));
            at += 1;
        }
    }

    /// An earlier field of the same set, with other things below; now and then with other arguments.
    fn again(
        &mut self,
        ty: &str,
        earlier: &[Selection],
        depth: usize,
        listings: usize,
        scope: &mut Scope,
    ) -> Option<Selection> {
        let fields = earlier.iter().filter_map(|selection| match selection {
            Selection::Field(field) => Some(field),
            _ => None,
        });
        let fields: Vec<_> = fields.collect();
        let mut field = (*self.rng.choice(&fields)?).clone();
        let known = self.contract.fields(ty).iter().find(|known| known.name == field.name);
        field.directives = self.directives();
        if self.one_in(4) {
            self.rng.shuffle(&mut field.arguments);
        }
        if self.one_in(40) {
            field.arguments.pop();
        }
        if let Some(known) = known.filter(|_| !field.selections.is_empty()) {
            let mut lost = Scope::default();
            let below = scope.below(&field).unwrap_or(&mut lost);
            let listings = listings + usize::from(!known.arguments.is_empty() || ty == "Query");
            field.selections = self.selections(base(&known.ty), depth.saturating_sub(1), listings, below);
        }
        let again = Selection::Field(field);
        Some(match self.rng.u8(..) {
            0..100 => again,
            100..130 => {
                Selection::Inline { on: None, directives: self.directives(), selections: vec![again] }
            }
            _ => Selection::Inline {
                on: Some(ty.to_owned()),
                directives: self.directives(),
                selections: vec![again],
            },
        })
    }

    fn inline(&mut self, ty: &str, depth: usize, listings: usize, scope: &mut Scope) -> Option<Selection> {
        let on = self.condition_type(ty);
        let inner = on.clone().unwrap_or_else(|| ty.to_owned());
        let directives = self.directives();
        let selections = self.selections(&inner, depth.min(3), listings, scope);
        Some(Selection::Inline { on, directives, selections })
    }

    /// The type that a fragment inside `ty` is for.
    fn condition_type(&mut self, ty: &str) -> Option<String> {
        let contract = self.contract;
        if let Some(members) = contract.members.get(ty) {
            return self.rng.choice(members).filter(|_| !self.one_in(12)).cloned();
        }
        let wider = || contract.members.iter().find(|(_, members)| members.iter().any(|member| member == ty));
        match self.rng.u8(..) {
            0 => Some("Snapshot".to_owned()),
            1 => Some("Nobody".to_owned()),
            2..16 => Some(wider().map_or(ty, |(name, _)| name).to_owned()),
            16..100 => None,
            _ => Some(ty.to_owned()),
        }
    }

    fn spread(&mut self, ty: &str, depth: usize, listings: usize, scope: &mut Scope) -> Option<Selection> {
        let directives = self.directives();
        if self.one_in(250) {
            return Some(Selection::Spread { fragment: "Missing".to_owned(), directives });
        }
        let known: Vec<_> = self.document.fragments.iter().filter(|fragment| fragment.on == ty).collect();
        let fragment = match self.rng.choice(&known).filter(|_| self.rng.u8(..) < 150) {
            Some(fragment) => fragment.name.clone(),
            None if self.document.fragments.len() > 4 => return None,
            None => self.fragment(ty, depth, listings),
        };
        let spread = Selection::Spread { fragment, directives };
        scope.admits(std::slice::from_ref(&spread), &self.document).then_some(spread)
    }

    /// A new fragment, by its name.
    fn fragment(&mut self, ty: &str, depth: usize, listings: usize) -> String {
        let on = self.condition_type(ty).unwrap_or_else(|| ty.to_owned());
        let selections = self.selections(&on, depth.min(2), listings.max(1), &mut Scope::default());
        let name = format!("F{}", self.document.fragments.len());
        self.document.fragments.push(Fragment { name: name.clone(), on, selections });
        name
    }

    fn directives(&mut self) -> Directives {
        let mut directives = Vec::new();
        let count = match self.rng.u8(..) {
            0..4 => 2,
            4..28 => 1,
            _ => 0,
        };
        for _ in 0..count {
            let (name, value) = match self.rng.u8(..) {
                0 if self.one_in(4) => ("nothing", Value::Boolean(true)),
                1..120 => ("skip", self.condition(false)),
                _ => ("include", self.condition(true)),
            };
            if directives.iter().all(|(known, _)| *known != name) || self.one_in(60) {
                directives.push((name, value));
            }
        }
        directives
    }

    /// A value of any kind.
    pub(super) fn anything(&mut self) -> Value {
        match self.rng.u8(..8) {
            0 => Value::Null,
            1 => Value::Boolean(true),
            2 => Value::Int(-7),
            3 => Value::Float(1.5),
            4 => Value::text("\u{1}\"é"),
            5 => Value::Enum("NOTHING".to_owned()),
            6 => Value::List(vec![Value::Int(1), Value::Null]),
            _ => Value::Object(vec![("nothing".to_owned(), Value::text(""))]),
        }
    }
}
