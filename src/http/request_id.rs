//! Every request has an id: the caller's, if it is one, else a new one. It is in the answer, in its errors
//! and in the log.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{FromRequestParts, Request},
    http::{Extensions, HeaderName, HeaderValue, request::Parts},
};

use super::next::{Answer, Next};

pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 128;
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The id of a request: short, printable, safe to log.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestId(Arc<str>);

impl RequestId {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text.
    pub(super) fn shared(&self) -> Arc<str> {
        self.0.clone()
    }

    /// The id that a request was given.
    pub(super) fn of(request: &Request) -> Self {
        Self::among(request.extensions())
    }

    /// The same, from the extensions of the request.
    pub(super) fn among(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    /// The caller's id. Anything that would not be safe in a log line is not taken.
    fn from_caller(header: &HeaderValue) -> Option<Self> {
        let id = header.to_str().ok()?;
        let printable =
            !id.is_empty() && id.len() <= LONGEST && id.bytes().all(|byte| byte.is_ascii_graphic());
        printable.then(|| Self(id.into()))
    }
}

/// Makes new ids.
#[derive(Clone)]
pub(super) struct Maker(Arc<Mutex<fastrand::Rng>>);

impl Maker {
    pub(super) fn new(rng: fastrand::Rng) -> Self {
        Self(Arc::new(Mutex::new(rng)))
    }

    fn make(&self) -> RequestId {
        let number = self.0.lock().unwrap_or_else(PoisonError::into_inner).u128(..);
        let digits = std::array::from_fn::<_, 32, _>(|at| DIGITS[(number >> (124 - 4 * at)) as usize & 15]);
        RequestId(str::from_utf8(&digits).unwrap_or_default().into())
    }
}

/// Gives the request its id, and the answer the same.
pub(super) fn assign<'a>(maker: &Maker, mut request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let id = request.headers().get(&HEADER).and_then(RequestId::from_caller).unwrap_or_else(|| maker.make());
    request.extensions_mut().insert(id.clone());
    next.run(request).then(move |response| {
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(HEADER, value);
        }
    })
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::among(&parts.extensions))
    }
}
