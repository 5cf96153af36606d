//! People by words.

use async_graphql::{Context, Object, Result};

use crate::{
    graphql::{
        connection::{PageArguments, SearchConnection, cost},
        error::Fault,
        find::World,
        input::UserFilter,
    },
    org::SearchText,
};

#[derive(Default)]
pub(super) struct Search;

/// The longest text in letters.
const MAX_LETTERS: usize = 200;

#[Object]
impl Search {
    /// Users by words of their names, e-mail addresses, aliases and titles, the best first. Every word has
    /// to be found in one of these: as a word of it, as the beginning of one, or so with a typo (one in
    /// words of 4 letters or more, two in words of 8 or more). Case, accents and apostrophes make no
    /// difference.
    ///
    /// Whole words come before beginnings, beginnings before one typo, one before two; then names before
    /// e-mail addresses, aliases and titles; of several words the sums count. Ties go by name, then by id.
    #[graphql(complexity = "cost(first, last, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "they are the field's arguments")]
    async fn search(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most 8 words and 200 letters. Without a letter or digit nobody is found.")]
        text: String,
        #[graphql(desc = "Only users for whom all of this holds.")] filter: Option<UserFilter>,
        #[graphql(desc = "The first so many, from 0 to 1,000; 50 when neither `first` nor `last` is given.")]
        first: Option<i64>,
        #[graphql(desc = "Only what comes after the place of this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, from 0 to 1,000; not together with `first`.")] last: Option<i64>,
        #[graphql(desc = "Only what comes before the place of this cursor.")] before: Option<String>,
    ) -> Result<SearchConnection> {
        let text = words(&text)?;
        let filter = filter.unwrap_or_default().try_into()?;
        let page = PageArguments { first, after, last, before };
        let world = World::of(ctx)?;
        Ok(SearchConnection::new(ctx, world.snapshot, text, filter, &page).await?)
    }
}

fn words(text: &str) -> Result<SearchText, Fault> {
    let most = SearchText::MAX_WORDS;
    if text.chars().nth(MAX_LETTERS).is_some() {
        return Err(Fault::argument("text", format_args!("must be at most {MAX_LETTERS} letters")));
    }
    SearchText::new(text)
        .ok_or_else(|| Fault::argument("text", format_args!("must be at most {most} different words")))
}
