//! The files that the binary carries, as `build/pages.rs` has listed them.

use std::{
    io::{self, Read},
    sync::OnceLock,
};

use axum::http::HeaderValue;
use bytes::Bytes;
use flate2::read::GzDecoder;

use super::super::graphql::Tag;

// `ALL`, in the order of the paths.
include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// A file that is served at a path.
pub(super) struct Embedded {
    pub(super) path: &'static str,
    /// Whether its name says what is in it, so that it never changes.
    pub(super) hashed: bool,
    gzip: bool,
    bytes: &'static [u8],
    lazy: Lazy,
}

/// What is made of a file when it is first asked for.
struct Lazy {
    tag: OnceLock<Tag>,
    unpacked: OnceLock<Bytes>,
}

impl Lazy {
    const fn new() -> Self {
        Self { tag: OnceLock::new(), unpacked: OnceLock::new() }
    }
}

/// The file at a path.
pub(super) fn find(path: &str) -> Option<&'static Embedded> {
    ALL.binary_search_by(|file| file.path.cmp(path)).ok().and_then(|place| ALL.get(place))
}

impl Embedded {
    /// Its name among all that were ever at its path.
    pub(super) fn tag(&self) -> &Tag {
        self.lazy.tag.get_or_init(|| Tag::of_bytes(self.bytes))
    }

    /// As it is kept, if that is compressed.
    pub(super) fn packed(&self) -> Option<Bytes> {
        self.gzip.then(|| Bytes::from_static(self.bytes))
    }

    /// As it was before it was compressed. Unpacked once, and kept.
    ///
    /// # Errors
    /// If what is kept is broken.
    pub(super) fn plain(&self) -> io::Result<Bytes> {
        if !self.gzip {
            return Ok(Bytes::from_static(self.bytes));
        }
        if let Some(unpacked) = self.lazy.unpacked.get() {
            return Ok(unpacked.clone());
        }
        let mut bytes = Vec::new();
        GzDecoder::new(self.bytes).read_to_end(&mut bytes)?;
        Ok(self.lazy.unpacked.get_or_init(|| bytes.into()).clone())
    }

    /// Its media type, by the end of its name; a page has no such end.
    pub(super) fn media(&self) -> HeaderValue {
        let ending = self.path.rsplit_once('.').map(|(_, ending)| ending);
        HeaderValue::from_static(match ending {
            None => "text/html; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("ttf") => "font/ttf",
            Some("woff2") => "font/woff2",
            Some("json") => "application/json",
            Some("txt" | "md") => "text/plain; charset=utf-8",
            Some(_) => "application/octet-stream",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_in_order_and_of_known_kinds_and_the_pages_among_them() {
        assert!(ALL.is_sorted_by(|one, next| one.path < next.path));
        for file in &ALL {
            assert_ne!(file.media(), "application/octet-stream", "{}", file.path);
            assert!(!file.plain().unwrap().is_empty(), "{}", file.path);
            assert!(find(file.path).is_some_and(|found| found.path == file.path));
        }
        for page in ["/", "/graphiql"] {
            let text = find(page).unwrap().plain().unwrap();
            assert!(text.starts_with(b"<!doctype html>"), "{page}");
        }
        assert!(find("").is_none() && find("/assets/").is_none() && find("/graphiql/").is_none());
    }
}
