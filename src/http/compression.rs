//! Compresses answers for those who take them so.

use axum::{
    extract::Request,
    http::{
        self,
        header::{ACCEPT_ENCODING, CONTENT_ENCODING},
    },
};
use tower_http::compression::{
    CompressionLayer, Predicate,
    predicate::{DefaultPredicate, NotForContentType},
};

use super::{
    layered::layered,
    next::{Answer, Next},
    vary,
};

/// Compresses the answer to a request that takes it compressed.
pub(super) fn compress<'a>(request: Box<Request>, next: impl Next<'a>) -> Answer<'a> {
    let accepted: Vec<_> = request.headers().get_all(ACCEPT_ENCODING).iter().cloned().collect();
    next.run(request).then(move |response| {
        if !accepted.is_empty() && !response.headers().contains_key(CONTENT_ENCODING) {
            let mut asked = http::Request::new(());
            asked.headers_mut().extend(accepted.into_iter().map(|accepted| (ACCEPT_ENCODING, accepted)));
            layered(&CompressionLayer::new().compress_when(worth_it()), asked, response);
        }
        // The next one's could be, if this one isn't.
        vary::depends_on(response.headers_mut(), "accept-encoding");
    })
}

/// Tables in Arrow's formats are small as they are, and one whose length is known is read in parts.
fn worth_it() -> impl Predicate {
    let parquet = NotForContentType::const_new("application/vnd.apache.parquet");
    let arrow = NotForContentType::const_new("application/vnd.apache.arrow.stream");
    DefaultPredicate::new().and(parquet).and(arrow)
}
