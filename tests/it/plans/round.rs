//! One company after the other: what is asked of each, how often, and what becomes of it in the meantime.

use std::{collections::HashMap, ops::Range, sync::Arc};

use fastrand::Rng;
use orgraph::{
    auth::Role,
    graphql::Method,
    org::{OrgSnapshot, User, UserParts},
};

use super::{
    answer::Answer,
    difference::Difference,
    document::Document,
    drawing::{Drawing, Pool},
    onward, people,
    seen::{Found, Look, Seen},
    value::{self, Value},
    world::{Question, World, ask},
};
use crate::hostile::{contract::Contract, grammar::Grammar};

pub(super) struct Rounds<'a> {
    contract: &'a Contract,
    seed: u64,
    world: World,
    pub(super) seen: Seen,
    rng: Rng,
    /// By request, how often each of the two was asked.
    asked: HashMap<Arc<str>, [u32; 2]>,
    requests: u64,
}

/// What is asked, and as a tree if it was drawn as one.
struct Case {
    number: u64,
    document: Option<Document>,
    question: Question,
    variables: Vec<(String, Value)>,
}

/// What answers with the schema, or is none of its questions at all.
const OTHERS: [&str; 4] = [
    "{ __schema { queryType { name } types { name kind } } }",
    "query Q { __type(name: \"User\") { fields { name type { kind name } } } user(id: \"x\") { id } }",
    "",
    "{",
];
/// Texts, ids and cursors that are remembered of one company.
const MOST_KEPT: usize = 60;

impl<'a> Rounds<'a> {
    pub(super) fn new(contract: &'a Contract, seed: u64) -> Self {
        let (seen, asked) = (Seen::default(), HashMap::new());
        Self { contract, seed, world: World::new(), seen, rng: Rng::with_seed(seed), asked, requests: 0 }
    }

    /// Asks the documents of these numbers of one company.
    pub(super) async fn ask(&mut self, company: u64, numbers: Range<u64>) -> Result<(), String> {
        self.rng = Rng::with_seed(self.seed ^ (company << 32));
        let pair = usize::from(company % 8 == 7);
        let mut users = people::company(&mut self.rng);
        let (mut pool, mut found, mut last) = (Pool::default(), Found::default(), None);
        let mut answered = Vec::new();
        let is_first = self.requests == 0;
        for number in numbers.clone() {
            let nth = number - numbers.start;
            // At the very beginning there is nothing to answer from yet.
            if nth == 0 && !is_first || nth % 13 == 3 {
                users = people::changed(users, &mut self.rng);
                self.publish(users.clone(), &mut pool);
            }
            let next = last.take().filter(|_| self.rng.u8(..) < 60);
            let case = self.case(number, next, &pool, &found);
            let answer = self.agree(pair, &case, 3).await?;
            self.seen.documents += 1;
            let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            let is_answered = told["data"].is_object() && told["errors"].is_null();
            self.seen.ran += u64::from(answer.ran);
            self.seen.answered += u64::from(is_answered);
            if let Some(document) = case.document.as_ref().filter(|_| is_answered) {
                found = self.look(document, case.question.operation.as_deref(), &told["data"]);
                keep(&mut pool.issues, found.issues.iter());
                keep(&mut pool.cursors, found.cursors.values().flatten());
                last = Some(document.clone());
            }
            let case = self.again(pair, case, &pool).await?;
            if is_answered {
                answered.push((case, answer));
            }
        }
        let users = people::changed(users, &mut self.rng);
        self.publish(users, &mut pool);
        for (case, before) in answered {
            if self.rng.bool() {
                let answer = self.agree(pair, &case, 2).await?;
                self.seen.changes += u64::from(answer.body != before.body);
            }
        }
        let asked = std::mem::take(&mut self.asked);
        let told = self.world.audited_alike(&asked).await;
        told.map_err(|what| format!("company {company} of seed {}: {what}", self.seed))
    }

    /// Asks a document again: by somebody else, with other variables, in another spelling, after a while.
    async fn again(&mut self, pair: usize, case: Case, pool: &Pool) -> Result<Case, String> {
        if self.rng.bool()
            && let Some(document) = &case.document
        {
            let mut drawing = Drawing::new(self.contract, pool, &mut self.rng);
            let variables = drawing.variables(&document.variables);
            let question = Question { role: self.role(), viewer: self.rng.u8(0..2), ..case.question.clone() };
            let other = Case { question, variables, document: case.document.clone(), ..case };
            self.agree(pair, &other, 2).await?;
        }
        if self.rng.u8(..) < 50
            && let Some(document) = &case.document
        {
            let text = document.spelt(&mut self.rng);
            let question = Question { text, ..case.question.clone() };
            let other =
                Case { question, variables: case.variables.clone(), document: case.document.clone(), ..case };
            self.agree(pair, &other, 1).await?;
        }
        if self.rng.u8(..) < 20 {
            self.world.report(&mut self.rng);
            self.agree(pair, &case, 1).await?;
        }
        Ok(case)
    }

    fn publish(&mut self, users: Vec<UserParts>, pool: &mut Pool) {
        let snapshot = self.world.publish(users, &mut self.rng);
        let OrgSnapshot { graph, .. } = &*snapshot;
        pool.ids = graph.users().iter().map(|user| user.id().to_owned()).collect();
        let emails = graph.users().iter().flat_map(User::emails);
        pool.emails = emails.map(|email| email.to_owned()).collect();
    }

    /// A document, the next page of one, or something else altogether, and whoever asks it.
    fn case(&mut self, number: u64, last: Option<Document>, pool: &Pool, found: &Found) -> Case {
        let rng = &mut self.rng;
        let document = match (rng.u8(..), last) {
            (0..5, _) => None,
            (_, Some(last)) if !found.cursors.is_empty() => Some(onward::next_page(&last, found, rng)),
            _ => Some(Drawing::new(self.contract, pool, rng).document(number)),
        };
        let text = match &document {
            Some(document) => document.spelt(rng),
            None if rng.bool() => (*rng.choice(&OTHERS).unwrap()).to_owned(),
            None => Grammar { contract: self.contract }.operation(rng, 0.05),
        };
        let operation = document.as_ref().and_then(|document| wanted(document, rng));
        let variables = document.as_ref().map_or_else(Vec::new, |document| {
            Drawing::new(self.contract, pool, rng).variables(&document.variables)
        });
        let method = if rng.u8(..) < 40 { Method::Get } else { Method::Post };
        let (viewer, role) = (rng.u8(0..2), self.role());
        let question = Question { text, operation, role, method, viewer, request_id: "".into() };
        Case { number, document, question, variables }
    }

    fn role(&mut self) -> Role {
        Role::ALL[self.rng.usize(..Role::ALL.len())]
    }

    /// Asks one that keeps nothing once, and one that keeps what it can so many times, which has to say the same.
    async fn agree(&mut self, pair: usize, case: &Case, times: u32) -> Result<Answer, String> {
        self.requests += 1;
        let request_id: Arc<str> = format!("request-{}", self.requests).into();
        let question = Question { request_id: request_id.clone(), ..case.question.clone() };
        let pair = &self.world.pairs[pair];
        let mut variables = value::object(&case.variables, &mut self.rng);
        let (mut plain, mut asked) = (ask(&pair.plain, &question, &variables).await, 1);
        for time in 1..=times {
            // To the letter, or in other letters.
            if self.rng.bool() {
                variables = value::object(&case.variables, &mut self.rng);
            }
            let kept = ask(&pair.kept, &question, &variables).await;
            if kept != plain {
                let difference = Difference { pair, question: &question, variables: &variables };
                if difference.is_chance(&kept, &mut plain, &mut asked).await {
                    self.seen.chances += 1;
                    continue;
                }
                let (seed, number) = (self.seed, case.number);
                return Err(format!(
                    "document {number} of seed {seed} is answered otherwise by one that keeps, the time {time}:\n{}",
                    difference.told(&kept, &plain, case.document.as_ref()).await
                ));
            }
        }
        self.asked.insert(request_id, [times, asked]);
        Ok(plain)
    }

    fn look(&mut self, document: &Document, operation: Option<&str>, data: &serde_json::Value) -> Found {
        let mut found = Found::default();
        let operation = operation.filter(|name| !name.is_empty());
        if let Some(operation) = document.operation(operation) {
            let (contract, seen) = (self.contract, &mut self.seen);
            let mut look = Look { contract, document, seen, found: &mut found };
            look.at("Query", &operation.selections, data, "", "");
        }
        found
    }
}

/// The name of the operation to run: the right one, as a rule.
fn wanted(document: &Document, rng: &mut Rng) -> Option<String> {
    let named: Vec<_> = document.operations.iter().filter_map(|operation| operation.name.clone()).collect();
    match rng.u8(..) {
        0..6 => Some("Other".to_owned()),
        6..10 => Some(String::new()),
        10..20 => None,
        20..120 if named.len() < 2 => None,
        _ => rng.choice(named),
    }
}

/// Keeps the latest.
fn keep<'a>(kept: &mut Vec<String>, new: impl Iterator<Item = &'a String>) {
    kept.extend(new.take(MOST_KEPT).cloned());
    kept.drain(..kept.len().saturating_sub(MOST_KEPT));
}
