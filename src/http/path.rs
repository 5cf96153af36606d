//! The paths that are served, as they are told of: never what a caller has made up.

use axum::extract::Request;

pub(super) const GRAPHQL: &str = "/graphql";
pub(super) const SCHEMA: &str = "/schema.graphql";
pub(super) const LIVE: &str = "/livez";
pub(super) const READY: &str = "/readyz";
/// For whoever looks after the service.
pub(super) const METRICS: &str = "/metrics";
pub(super) const ROOT: &str = "/";
pub(super) const GRAPHIQL: &str = "/graphiql";
/// What pages load, whichever file it is.
pub(super) const ASSETS: &str = "/assets/";
/// The same, as the router has it.
pub(super) const ANY_ASSET: &str = "/assets/{*file}";
/// The catalogue of tables.
pub(super) const CATALOGUE: &str = "/export/v1";
/// How the catalogue looks.
pub(super) const CATALOGUE_STYLE: &str = "/export/v1/catalogue.css";
/// What tables are below.
pub(super) const TABLES: &str = "/export/v1/";
/// A table, whichever it is.
pub(super) const TABLE: &str = "/export/v1/{table}";
/// What is told of a request to any other.
pub(super) const NONE: &str = "(none)";

/// GraphiQL, as it is found by those who end an address with a slash.
pub(super) const GRAPHIQL_WITH_SLASH: &str = "/graphiql/";

const SERVED: [&str; 9] = [GRAPHQL, SCHEMA, LIVE, READY, METRICS, ROOT, GRAPHIQL, CATALOGUE, CATALOGUE_STYLE];

/// Whatever [`of`] tells of a request; nothing else comes last.
pub(super) const TOLD: [&str; 12] =
    [GRAPHQL, SCHEMA, LIVE, READY, METRICS, ROOT, GRAPHIQL, CATALOGUE, CATALOGUE_STYLE, ASSETS, TABLE, NONE];

/// The path that a request is for, not the text that was sent.
pub(super) fn of(request: &Request) -> &'static str {
    let path = request.uri().path();
    match SERVED.into_iter().find(|served| *served == path) {
        Some(served) => served,
        None if path == GRAPHIQL_WITH_SLASH => GRAPHIQL,
        // Nothing is below yet: it is the catalogue, with a slash.
        None if path == TABLES => CATALOGUE,
        None if path.starts_with(ASSETS) => ASSETS,
        None if path.starts_with(TABLES) => TABLE,
        None => NONE,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn whatever_is_told_of_a_request_is_listed() {
        let others = [GRAPHIQL_WITH_SLASH, TABLES, "/assets/a.js", "/export/v1/users.csv", "/a/b?c", "*"];
        let mut told: Vec<_> = SERVED
            .into_iter()
            .chain(others)
            .map(|path| of(&Request::builder().uri(path).body(Body::empty()).unwrap()))
            .collect();
        assert!(told.iter().all(|path| TOLD.contains(path)), "{told:?}");
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), TOLD.len(), "none is listed in vain");
        assert_eq!(TOLD.last(), Some(&NONE));
    }
}
