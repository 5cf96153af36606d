//! What a client has already, and what it reads in parts.

use reqwest::{Method, StatusCode};

use super::{ask, body, get, header};
use crate::support::{Service, UNHURRIED, serve, settings, shipped_company, simulate};

#[tokio::test]
async fn the_same_answer_is_not_sent_twice() {
    let service = Service::over(shipped_company()).await;
    for file in ["users.csv", "users.ndjson", "users.parquet", "users.arrow", "org_stats.parquet?active=true"]
    {
        let first = get(&service.client, file, &[]).await;
        let tag = header(&first, "etag").to_owned();
        assert_eq!(tag.starts_with("W/"), !file.contains("parquet"), "{file}");
        assert_eq!(header(&first, "cache-control"), "private, no-cache");
        assert!(first.headers().contains_key("age"));
        let again = get(&service.client, file, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status(), header(&again, "etag")), (StatusCode::NOT_MODIFIED, tag.as_str()));
        assert!(again.bytes().await.unwrap().is_empty());
        let other = get(
            &service.client,
            &format!("{file}{}levels=3", if file.contains('?') { "&" } else { "?" }),
            &[("if-none-match", &tag)],
        )
        .await;
        let expected = if file.starts_with("users") { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        assert_eq!(other.status(), expected, "{file}");
    }
}

#[tokio::test]
async fn a_head_says_what_a_get_says() {
    let service = Service::over(shipped_company()).await;
    for file in ["users.csv", "reporting_lines.ndjson", "users.arrow", "users.parquet"] {
        for encoding in ["identity", "gzip"] {
            let headers = [("accept-encoding", encoding)];
            let head = ask(&service.client, Method::HEAD, file, &headers).await;
            let got = get(&service.client, file, &headers).await;
            let told = |response: &reqwest::Response| {
                let mut headers = response.headers().clone();
                for name in ["date", "x-request-id", "transfer-encoding", "age"] {
                    headers.remove(name);
                }
                headers
            };
            assert_eq!((head.status(), told(&head)), (got.status(), told(&got)), "{file} {encoding}");
            assert!(head.bytes().await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn parquet_is_read_in_parts() {
    let service = Service::over(shipped_company()).await;
    let file = "users.parquet";
    let whole = body(&service.client, file).await;
    let tag = header(&get(&service.client, file, &[]).await, "etag").to_owned();
    let (length, name) = (whole.len(), "range");
    for (range, expected) in
        [("bytes=0-3", 0..4), ("bytes=-8", length - 8..length), ("bytes=100-", 100..length)]
    {
        for more in [None, Some(("if-range", tag.as_str())), Some(("if-match", tag.as_str()))] {
            let headers: Vec<_> = std::iter::once((name, range)).chain(more).collect();
            let part = get(&service.client, file, &headers).await;
            assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT, "{range}");
            let told = format!("bytes {}-{}/{length}", expected.start, expected.end - 1);
            assert_eq!(header(&part, "content-range"), told);
            assert_eq!(header(&part, "content-length"), expected.len().to_string());
            assert_eq!(part.bytes().await.unwrap(), whole[expected.clone()]);
        }
    }
    let beyond = get(&service.client, file, &[(name, &format!("bytes={length}-"))]).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(header(&beyond, "content-range"), format!("bytes */{length}"));
    let several = get(&service.client, file, &[(name, "bytes=0-1,4-5")]).await;
    assert_eq!((several.status(), several.bytes().await.unwrap().len()), (StatusCode::OK, length));
    let other = get(&service.client, file, &[(name, "bytes=0-3"), ("if-range", "\"another\"")]).await;
    assert_eq!(other.status(), StatusCode::OK);
    let other = get(&service.client, file, &[(name, "bytes=0-3"), ("if-match", "\"another\"")]).await;
    assert_eq!(other.status(), StatusCode::PRECONDITION_FAILED);
    let csv = get(&service.client, "users.csv", &[(name, "bytes=0-3")]).await;
    assert_eq!(csv.status(), StatusCode::OK, "text has no parts");
    assert!(!csv.headers().contains_key("accept-ranges"));
}

#[tokio::test]
async fn whoever_reads_in_parts_goes_on_with_the_same_answer() {
    let simulator = simulate(shipped_company());
    let service = Service::start(&settings(serve(&simulator).await, UNHURRIED), "1d").await;
    service.ready().await;
    let file = "users.parquet";
    let head = ask(&service.client, Method::HEAD, file, &[]).await;
    let (tag, length) = (header(&head, "etag").to_owned(), header(&head, "content-length").to_owned());
    let before = body(&service.client, file).await;
    simulator.edit(|users| users[0].title = Some("Another title".to_owned()));
    service.scan().await;
    let part = get(&service.client, file, &[("range", "bytes=-100")]).await;
    assert_eq!((part.status(), header(&part, "etag")), (StatusCode::PARTIAL_CONTENT, tag.as_str()));
    assert!(header(&part, "content-range").ends_with(&format!("/{length}")));
    assert_eq!(part.bytes().await.unwrap(), before[before.len() - 100..]);
    // A request for the whole has the new one, and takes nothing away from whoever reads in parts.
    let now = body(&service.client, file).await;
    assert_ne!(now, before);
    let part = get(&service.client, file, &[("range", "bytes=-100")]).await;
    assert_eq!(header(&part, "etag"), tag);
    assert_eq!(part.bytes().await.unwrap(), before[before.len() - 100..]);
}

/// A program with a credential, as whoever uses the same one elsewhere.
struct Reader<'s>(&'s Service);

impl Reader<'_> {
    /// How long the table is, and its name.
    async fn looks(&self) -> (usize, String) {
        let head = ask(&self.0.client, Method::HEAD, FILE, &[]).await;
        (header(&head, "content-length").parse().unwrap(), header(&head, "etag").to_owned())
    }

    async fn reads(&self, range: String) -> (Vec<u8>, String) {
        let part = get(&self.0.client, FILE, &[("range", &range)]).await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        let tag = header(&part, "etag").to_owned();
        (part.bytes().await.unwrap().to_vec(), tag)
    }
}

const FILE: &str = "users.parquet";

#[tokio::test]
async fn readers_with_one_credential_never_mix_two_snapshots() {
    let simulator = simulate(shipped_company());
    let service = Service::start(&settings(serve(&simulator).await, UNHURRIED), "1d").await;
    service.ready().await;
    let (first, second) = (Reader(&service), Reader(&service));
    let old = body(&service.client, FILE).await;
    let (length, tag) = first.looks().await;
    let (half, _) = first.reads(format!("bytes=0-{}", length / 2 - 1)).await;
    simulator.edit(|users| users.iter_mut().for_each(|user| user.title = Some("Another title".to_owned())));
    service.scan().await;
    // Somebody else reads the whole, which is the new one.
    let whole = get(&service.client, FILE, &[]).await;
    let new_tag = header(&whole, "etag").to_owned();
    let new = whole.bytes().await.unwrap().to_vec();
    assert!(new_tag != tag && new != old);
    // A third begins to read in parts: it has the old one as well, and says so from the outset.
    assert_eq!(second.looks().await, (length, tag.clone()));
    let (rest, of) = first.reads(format!("bytes={}-", length / 2)).await;
    assert_eq!(([half, rest].concat(), of), (old.clone(), tag.clone()));
    let (end, of) = second.reads("bytes=-100".to_owned()).await;
    assert_eq!((end.as_slice(), of), (&old[old.len() - 100..], tag.clone()));
    // Whoever names the new one has parts of that, and takes nothing away from the others either.
    for header_name in ["if-match", "if-range"] {
        let part = get(&service.client, FILE, &[("range", "bytes=-100"), (header_name, &new_tag)]).await;
        assert_eq!((part.status(), header(&part, "etag")), (StatusCode::PARTIAL_CONTENT, new_tag.as_str()));
        assert_eq!(part.bytes().await.unwrap(), new[new.len() - 100..]);
    }
    assert_eq!(first.reads("bytes=0-3".to_owned()).await.1, tag);
}

#[tokio::test]
async fn each_answer_tells_its_age() {
    let service = Service::over(shipped_company()).await;
    for _ in 0..2 {
        let part = get(&service.client, FILE, &[("range", "bytes=0-3")]).await;
        assert!(header(&part, "age").parse::<u64>().is_ok());
    }
}

/// Text has a weak name, since it may come compressed: no condition on its bytes holds for that.
#[tokio::test]
async fn a_condition_on_text_holds_for_any_or_for_none() {
    let service = Service::over(shipped_company()).await;
    let tag = header(&get(&service.client, "users.csv", &[]).await, "etag").to_owned();
    for (named, status) in [
        ("*", StatusCode::OK),
        (tag.as_str(), StatusCode::PRECONDITION_FAILED),
        ("\"x\"", StatusCode::PRECONDITION_FAILED),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let asked = ask(&service.client, method, "users.csv", &[("if-match", named)]).await;
            assert_eq!(asked.status(), status, "{named}");
        }
    }
}
