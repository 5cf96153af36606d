//! The pages that the binary carries, as they come over the wire: the explorer, GraphiQL and what they load.

use std::io::Read;

use flate2::read::GzDecoder;
use orgraph::{app, graphql::Shown, http};
use reqwest::{Method, Response};

use crate::{
    over_http::{get, send, told},
    support::{Service, shipped_company},
};

const GZIP: (&str, &str) = ("accept-encoding", "br, gzip;q=0.8");
const PLAIN: (&str, &str) = ("accept-encoding", "identity");

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// What a page names in itself.
fn linked(page: &str) -> Vec<&str> {
    page.split('"').filter(|text| text.starts_with("/assets/")).collect()
}

#[tokio::test]
async fn the_pages_and_what_they_load_are_there_compressed_or_not_and_are_not_sent_twice() {
    let service = told(http::Settings::default()).await;
    for page in ["/", "/graphiql"] {
        let response = get(&service, page, &[PLAIN]).await;
        assert_eq!(
            (response.status().as_u16(), header(&response, "cache-control")),
            (200, "no-cache"),
            "{page}"
        );
        assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
        let text = response.text().await.unwrap();
        let links = linked(&text);
        assert!(links.iter().any(|link| link.ends_with(".js")), "{page}: {text}");
        for path in links.into_iter().chain([page]) {
            let plain = get(&service, path, &[PLAIN]).await;
            let packed = get(&service, path, &[GZIP]).await;
            assert_eq!(plain.status(), 200, "{path}");
            assert_eq!(header(&plain, "content-encoding"), "", "{path}");
            let tag = header(&plain, "etag").to_owned();
            assert_eq!(header(&packed, "etag"), tag, "{path}");
            for response in [&plain, &packed] {
                assert_eq!(header(response, "vary"), "accept-encoding", "{path}");
                assert_eq!(header(response, "x-content-type-options"), "nosniff", "{path}");
            }
            let kind = match path.rsplit_once('.') {
                None => "text/html",
                Some((_, "js")) => "text/javascript",
                Some((_, "css")) => "text/css",
                Some(_) => "image/svg+xml",
            };
            assert!(header(&plain, "content-type").starts_with(kind), "{path}");
            let is_packed = header(&packed, "content-encoding") == "gzip";
            let (plain, packed) = (plain.bytes().await.unwrap(), packed.bytes().await.unwrap());
            if is_packed {
                let mut unpacked = Vec::new();
                GzDecoder::new(&*packed).read_to_end(&mut unpacked).unwrap();
                assert!(unpacked == plain && packed.len() < plain.len(), "{path}");
            } else {
                assert_eq!(plain, packed, "{path}");
            }
            let known = get(&service, path, &[GZIP, ("if-none-match", &tag)]).await;
            assert_eq!((known.status().as_u16(), header(&known, "etag")), (304, tag.as_str()), "{path}");
            assert!(known.bytes().await.unwrap().is_empty());
            let head = send(&service, Method::HEAD, path, &[PLAIN], "").await;
            assert_eq!(header(&head, "content-length"), plain.len().to_string(), "{path}");
            assert!(head.bytes().await.unwrap().is_empty());
            assert_eq!(send(&service, Method::POST, path, &[], "").await.status(), 405, "{path}");
        }
    }
}

#[tokio::test]
async fn a_browser_keeps_what_is_named_by_its_contents_and_nothing_else() {
    let service = told(http::Settings::default()).await;
    let page = get(&service, "/graphiql", &[PLAIN]).await.text().await.unwrap();
    for path in linked(&page) {
        let stem = path.rsplit_once('.').unwrap().0;
        // As Vite names files; the plain page's have names of their own.
        let is_hashed = stem.bytes().rev().nth(8) == Some(b'-');
        let told = if is_hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(header(&get(&service, path, &[]).await, "cache-control"), told, "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let service = told(http::Settings::default()).await;
    for path in [
        "/assets",
        "/assets/",
        "/assets/x.js",
        "/assets/../graphiql",
        "/assets//plain.js",
        "/index.html",
        "/x",
    ] {
        let response = get(&service, path, &[]).await;
        let found = (response.status().as_u16(), header(&response, "cache-control"));
        // The client itself takes `..` away.
        assert!(found == (404, "no-store") || path.contains(".."), "{path}: {found:?}");
    }
}

#[tokio::test]
async fn there_are_no_pages_where_none_are_wanted() {
    let shown = Shown { graphiql: false, ..Shown::default() };
    let graphql = orgraph::graphql::Settings { shown, ..orgraph::graphql::Settings::default() };
    let settings = app::Settings { graphql, ..app::Settings::default() };
    let (with, without) =
        (Service::over(shipped_company()).await, Service::told(shipped_company(), settings).await);
    let page = get(&with, "/", &[PLAIN]).await.text().await.unwrap();
    for path in linked(&page).into_iter().chain(["/", "/graphiql", "/graphiql/"]) {
        assert_eq!(with.client.status(path).await, 200, "{path}");
        assert_eq!(without.client.status(path).await, 404, "{path}");
    }
    // The page with the tables leads to those that there are.
    for (service, ways) in [(&with, true), (&without, false)] {
        let tables = get(service, "/export/v1", &[("accept", "text/html")]).await.text().await.unwrap();
        for way in ["<a href=\"/\">", "<a href=\"/graphiql\">"] {
            assert_eq!(tables.contains(way), ways, "{way}");
        }
    }
}

#[tokio::test]
async fn the_policy_of_each_page_lets_nothing_in_from_elsewhere() {
    let service = told(http::Settings::default()).await;
    let of_graphiql = "style-src 'self' 'unsafe-inline';";
    for (page, styles) in
        [("/", "style-src 'self';"), ("/graphiql", of_graphiql), ("/graphiql/", of_graphiql)]
    {
        let response = get(&service, page, &[]).await;
        let policy = header(&response, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; "), "{policy}");
        assert!(policy.contains(styles) && !policy.contains("http") && !policy.contains("eval"), "{policy}");
    }
}
