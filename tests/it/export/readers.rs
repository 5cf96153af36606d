//! Readers who are slow, who go away, and who are late; and snapshots that change meanwhile.

use std::time::Duration;

use futures_util::future::join_all;
use orgraph::{
    app, http,
    simulator::{SimUser, Simulator, Workspace},
};
use reqwest::{Method, StatusCode};
use tokio::io::AsyncReadExt;

use super::{body, get, header};
use crate::support::{FOREVER, Log, Raw, Service, UNHURRIED, serve, settings, shipped_company, simulate};

/// A line of so many people: a table of its reporting lines is far larger than what fits between two sockets.
const LINE: usize = 1_500;
const LINES: usize = LINE * (LINE - 1) / 2;

fn line() -> Simulator {
    let user = |at: usize| SimUser {
        manager_id: (at > 0).then(|| format!("{:020}", at - 1)),
        first_name: Some("Before".to_owned()),
        ..SimUser::new(format!("{at:020}"))
    };
    simulate(Workspace::new((0..LINE).map(user).collect()))
}

async fn service(simulator: &Simulator, export: http::ExportSettings) -> Service {
    let told = app::Settings {
        http: http::Settings { export, ..http::Settings::default() },
        ..app::Settings::default()
    };
    let service = Service::with(&settings(serve(simulator).await, UNHURRIED), told, None).await;
    service.ready().await;
    service
}

/// A reader that has the head of an answer and takes no more for now.
async fn begun(service: &Service, file: &str) -> Raw {
    let mut reader = Raw::connect(service.address).await;
    reader
        .send(format!("GET /export/v1/{file} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"))
        .await;
    reader.until("200 OK").await;
    reader
}

/// The rest of what comes: its body, and whether that has its end.
async fn rest(mut reader: Raw) -> (Vec<u8>, bool) {
    reader.until("\r\n\r\n").await;
    let mut bytes = reader.taken();
    tokio::time::timeout(FOREVER, reader.socket.read_to_end(&mut bytes)).await.expect("no end").ok();
    let (mut body, mut rest) = (Vec::new(), bytes.as_slice());
    loop {
        let Some(line) = rest.windows(2).position(|end| end == b"\r\n") else { return (body, false) };
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        rest = &rest[line + 2..];
        if length == 0 {
            return (body, true);
        }
        if rest.len() < length + 2 {
            return (body, false);
        }
        body.extend_from_slice(&rest[..length]);
        rest = &rest[length + 2..];
    }
}

#[tokio::test]
async fn a_snapshot_that_is_replaced_in_mid_download_stays_whole() {
    let simulator = line();
    let service = service(&simulator, http::ExportSettings::default()).await;
    let reader = begun(&service, "reporting_lines.csv").await;
    simulator.edit(|users| users.iter_mut().for_each(|user| user.first_name = Some("After".to_owned())));
    service.scan().await;
    let (text, ended) = rest(reader).await;
    assert!(ended);
    let rows = text.split(|byte| *byte == b'\n').skip(1).filter(|row| !row.is_empty());
    let (mut count, mut after) = (0, 0);
    for row in rows {
        count += 1;
        after += usize::from(!row.ends_with(b"Before,Before"));
    }
    assert_eq!((count, after), (LINES, 0));
    let now = body(&service.client, "users.csv?columns=name").await;
    assert!(String::from_utf8(now).unwrap().ends_with("After\n"));
}

#[tokio::test]
async fn a_body_that_is_broken_off_has_no_end() {
    let late = http::ExportSettings { time: Duration::from_millis(50), ..http::ExportSettings::default() };
    let mut log = Log::here();
    let service = service(&line(), late).await;
    for file in ["reporting_lines.csv", "reporting_lines.ndjson", "reporting_lines.arrow"] {
        let (text, ended) = rest(begun(&service, file).await).await;
        assert!(!ended, "{file}: {} bytes came", text.len());
        let request = service.client.request(Method::GET, &format!("/export/v1/{file}")).timeout(FOREVER);
        let whole = async { request.header("accept-encoding", "gzip").send().await?.bytes().await };
        assert!(whole.await.is_err(), "{file}: a client takes it for the whole");
        log.says("a table was cut off: it wasn't taken within --export-time").await;
    }
    let metrics = service.metrics().await;
    let cut = metrics.lines().find_map(|line| line.strip_prefix("orgraph_exports_cut_off_total "));
    assert_eq!(cut, Some("6"), "{metrics}");
}

#[tokio::test]
async fn places_are_bounded_and_whoever_goes_away_gives_its_own_back() {
    let one = http::ExportSettings { in_all: 1, per_client: 1, ..http::ExportSettings::default() };
    let service = service(&line(), one).await;
    let held = begun(&service, "reporting_lines.csv").await;
    let refused = get(&service.client, "users.csv", &[]).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&refused, "retry-after"), "1");
    // What needs no place is answered all the same.
    let known = get(&service.client, "users.csv", &[("if-none-match", "*")]).await;
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
    drop(held);
    let again = async { while get(&service.client, "users.csv", &[]).await.status() != StatusCode::OK {} };
    tokio::time::timeout(FOREVER, again).await.expect("the place is never given back");
}

#[tokio::test]
async fn a_reader_that_stops_reading_is_closed_and_gives_its_place_back() {
    let one = http::ExportSettings { in_all: 1, per_client: 1, ..http::ExportSettings::default() };
    let mut told = app::Settings {
        http: http::Settings { export: one, ..http::Settings::default() },
        ..app::Settings::default()
    };
    told.server.times.stall = Duration::from_secs(1);
    let service = Service::with(&settings(serve(&line()).await, UNHURRIED), told, None).await;
    service.ready().await;
    let held = begun(&service, "reporting_lines.csv").await;
    let again = async { while get(&service.client, "users.csv", &[]).await.status() != StatusCode::OK {} };
    tokio::time::timeout(FOREVER, again).await.expect("the place is never given back");
    let (_, ended) = rest(held).await;
    assert!(!ended);
}

#[tokio::test]
async fn what_many_ask_for_at_once_is_the_same() {
    let service = Service::over(shipped_company()).await;
    let all = join_all((0..20).map(|_| body(&service.client, "reporting_lines.parquet"))).await;
    assert!(all.windows(2).all(|two| two[0] == two[1]));
}

#[tokio::test]
async fn parquet_beyond_its_bound_is_refused() {
    let small = http::ExportSettings { parquet_bytes: 10_000, ..http::ExportSettings::default() };
    let service = service(&line(), small).await;
    let refused = get(&service.client, "users.parquet", &[]).await;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let answer: serde_json::Value = serde_json::from_slice(&refused.bytes().await.unwrap()).unwrap();
    assert_eq!(crate::support::code(&answer), "QUERY_TOO_COMPLEX");
    assert_eq!(
        get(&service.client, "users.parquet?columns=id,depth&active=false", &[]).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn large_parquet_is_read_from_a_file_as_it_is_from_memory() {
    let service = service(&line(), http::ExportSettings::default()).await;
    let file = "reporting_lines.parquet?columns=ancestor_id,descendant_id,distance,ancestor_name";
    let whole = body(&service.client, file).await;
    assert!(whole.len() > 1 << 20, "{}", whole.len());
    let parts = join_all((0..8).map(async |at| {
        let (from, to) = (whole.len() / 8 * at, whole.len() / 8 * (at + 1));
        let part = get(&service.client, file, &[("range", &format!("bytes={from}-{}", to - 1))]).await;
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        part.bytes().await.unwrap() == whole[from..to]
    }));
    assert_eq!(parts.await, [true; 8]);
}
