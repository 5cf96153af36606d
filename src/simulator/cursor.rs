//! Cursors: signed tokens that say where a listing goes on.

use std::{str::FromStr, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use tokio::time::Instant;

use super::{
    listing::Position,
    signing::{SigningKey, TAG_BYTES},
};

/// A page to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bookmark {
    /// The place behind the page before it.
    pub(super) after: Position,
    /// The number of records as page 0 told it.
    pub(super) total: usize,
    /// The number of this page, from 0.
    pub(super) page: usize,
}

/// Why a cursor is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CursorFault {
    /// It was good once.
    Expired,
    /// It is damaged, of another simulator, or comes with other inputs than on page 0.
    Unverified,
}

/// Makes cursors and reads them. The inputs of the listing are signed along but not contained: a
/// cursor that comes back with others can't be verified.
pub(super) struct Cursors {
    key: SigningKey,
    life: Duration,
    began: Instant,
}

impl Cursors {
    /// Cursors that are good for `life` from when they are made.
    pub(super) fn new(key: SigningKey, life: Duration) -> Self {
        Self { key, life, began: Instant::now() }
    }

    /// The token of a page to come in the listing with these inputs.
    pub(super) fn issue(&self, inputs: &str, bookmark: &Bookmark) -> String {
        let Bookmark { after, total, page } = bookmark;
        let expires = self.began.elapsed().saturating_add(self.life).as_millis();
        let payload = format!("{expires} {total} {page} {} {}", after.rows, after.id);
        let tag = self.key.tag(inputs.as_bytes(), payload.as_bytes()).into_bytes();
        BASE64_URL_SAFE_NO_PAD.encode([tag.as_slice(), payload.as_bytes()].concat())
    }

    /// What a token stands for.
    ///
    /// # Errors
    ///
    /// The token was not made here for these inputs, or its life is over.
    pub(super) fn read(&self, inputs: &str, token: &str) -> Result<Bookmark, CursorFault> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).map_err(|_| CursorFault::Unverified)?;
        let (tag, payload) = bytes.split_at_checked(TAG_BYTES).ok_or(CursorFault::Unverified)?;
        if !self.key.verify(inputs.as_bytes(), payload, tag) {
            return Err(CursorFault::Unverified);
        }
        let (expires, bookmark) = parse(payload).ok_or(CursorFault::Unverified)?;
        if self.began.elapsed().as_millis() >= expires {
            return Err(CursorFault::Expired);
        }
        Ok(bookmark)
    }
}

/// The number of the page, from 0, that a token is for, whether or not it can be verified.
pub(super) fn page_of(token: &str) -> Option<usize> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (_, payload) = bytes.split_at_checked(TAG_BYTES)?;
    parse(payload).map(|(_, bookmark)| bookmark.page)
}

/// Milliseconds from the simulator's start to the expiry, and the bookmark. The id comes last, as
/// it is free text.
fn parse(payload: &[u8]) -> Option<(u128, Bookmark)> {
    let mut words = str::from_utf8(payload).ok()?.splitn(5, ' ');
    let expires = number(words.next())?;
    let (total, page, rows) = (number(words.next())?, number(words.next())?, number(words.next())?);
    let id = words.next()?.to_owned();
    Some((expires, Bookmark { after: Position { id, rows }, total, page }))
}

fn number<N: FromStr>(word: Option<&str>) -> Option<N> {
    word?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn bookmark() -> Bookmark {
        Bookmark { after: Position { id: "18446744073709551617".to_owned(), rows: 2 }, total: 301, page: 3 }
    }

    #[tokio::test(start_paused = true)]
    async fn a_cursor_is_good_until_its_life_is_over() {
        let cursors = Cursors::new(SigningKey::random(), HOUR);
        let token = cursors.issue("inputs", &bookmark());
        tokio::time::advance(HOUR - Duration::from_millis(1)).await;
        assert_eq!(cursors.read("inputs", &token), Ok(bookmark()));
        tokio::time::advance(Duration::from_millis(1)).await;
        assert_eq!(cursors.read("inputs", &token), Err(CursorFault::Expired));
    }

    #[test]
    fn a_cursor_that_is_damaged_foreign_or_of_other_inputs_is_not_verified() {
        let cursors = Cursors::new(SigningKey::random(), HOUR);
        let token = cursors.issue("inputs", &bookmark());
        assert_eq!(cursors.read("other inputs", &token), Err(CursorFault::Unverified));
        assert_eq!(
            Cursors::new(SigningKey::random(), HOUR).read("inputs", &token),
            Err(CursorFault::Unverified)
        );
        for damaged in ["", "AAAA", "%%%", &token[1..], &token[..token.len() - 4], &format!("{token}AAAA")] {
            assert_eq!(cursors.read("inputs", damaged), Err(CursorFault::Unverified), "{damaged}");
        }
    }
}
