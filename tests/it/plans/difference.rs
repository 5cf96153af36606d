//! What is told of two answers that differ: all that it takes to ask again, and a smaller document if one differs too.

use super::{
    answer::Answer,
    document::Document,
    onward::smaller,
    world::{Pair, Question, ask},
};

pub(super) struct Difference<'a> {
    pub(super) pair: &'a Pair,
    pub(super) question: &'a Question,
    /// As JSON.
    pub(super) variables: &'a str,
}

/// Documents that are tried.
const MOST_TRIES: usize = 2_000;
/// How often a refusal is asked for again, to see whether it is chance.
const MOST_CHANCES: usize = 100;

impl Difference<'_> {
    pub(super) async fn told(&self, kept: &Answer, plain: &Answer, document: Option<&Document>) -> String {
        let Question { text, operation, role, method, .. } = self.question;
        let mut told = format!(
            "{text}\n  by {method:?} as {role:?}, operation {operation:?}, variables {}\n{}",
            self.variables,
            both(kept, plain)
        );
        if let Some(document) = document
            && let Some((text, kept, plain)) = self.least(document.clone()).await
        {
            told += &format!("\n\nand so is the smaller\n{text}\n{}", both(&kept, &plain));
        }
        told
    }

    /// The least document that differs, and its answers.
    async fn least(&self, document: Document) -> Option<(String, Answer, Answer)> {
        let mut tries = 0;
        let mut least = self.first(&mut tries, [document].into_iter()).await?;
        while let Some(less) = self.first(&mut tries, smaller(&least.0)).await {
            least = less;
        }
        let (document, (kept, plain)) = least;
        Some((document.plain(), kept, plain))
    }

    /// The first of these that differs.
    async fn first(
        &self,
        tries: &mut usize,
        documents: impl Iterator<Item = Document>,
    ) -> Option<(Document, (Answer, Answer))> {
        for document in documents {
            *tries += 1;
            if *tries > MOST_TRIES {
                return None;
            }
            if let Some(answers) = self.differ(&document.plain()).await {
                return Some((document, answers));
            }
        }
        None
    }

    /// Asks one that keeps nothing again, which may say another time what one that keeps says. What is wrong with a
    /// request is found by walks over hash maps: which of several faults is told, in which order, and what is wrong
    /// with which of several operations where none is named, is chance.
    pub(super) async fn is_chance(&self, kept: &Answer, plain: &mut Answer, asked: &mut u32) -> bool {
        let most = if kept.ran { 1 } else { MOST_CHANCES };
        for _ in 0..most {
            *asked += 1;
            *plain = ask(&self.pair.plain, self.question, self.variables).await;
            if kept == plain || (!kept.ran && kept.is_in_other_words(plain)) {
                return true;
            }
        }
        false
    }

    async fn differ(&self, text: &str) -> Option<(Answer, Answer)> {
        let question = Question { text: text.to_owned(), ..self.question.clone() };
        let mut plain = ask(&self.pair.plain, &question, self.variables).await;
        let asked = Difference { question: &question, ..*self };
        for _ in 0..3 {
            let kept = ask(&self.pair.kept, &question, self.variables).await;
            if kept != plain && !asked.is_chance(&kept, &mut plain, &mut 0).await {
                return Some((kept, plain));
            }
        }
        None
    }
}

fn both(kept: &Answer, plain: &Answer) -> String {
    format!("  one that keeps:\n    {kept}\n  one that doesn't:\n    {plain}")
}
