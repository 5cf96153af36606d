//! Tables that nobody waits for any more.

use std::io;

use orgraph::{
    app,
    auth::Role,
    export::{Audience, Export, Fault, Format, Question, Table, Written},
    http,
    simulator::{SimUser, Workspace},
};
use reqwest::StatusCode;

use super::get;
use crate::{
    publish::{line, snapshot},
    support::{FOREVER, Raw, Service, code},
};

/// What came of a table for an audience that leaves after so many batches, and how many there were.
fn left_after(batches: usize, format: Format) -> (Result<Written, Fault>, usize) {
    let question = Question::new(Table::ReportingLines, format);
    let (mut audience, mut seen) = (Some(Audience::default()), 0);
    let export = Export::new(snapshot(line("p", 200), 1), question, Role::Reader).unwrap();
    let export = export.awaited_by(audience.as_ref().unwrap());
    audience = audience.filter(|_| batches > 0);
    let written = export.write(io::sink(), |_, _| {
        seen += 1;
        audience = audience.take().filter(|_| seen < batches);
    });
    (written, seen)
}

#[test]
fn what_nobody_waits_for_any_more_is_not_written_on() {
    for format in Format::ALL {
        for batches in [0, 1, 2] {
            let (written, seen) = left_after(batches, format);
            let gone = matches!(&written, Err(Fault::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe);
            assert!(gone && seen == batches, "{}: {written:?} after {seen}", format.name());
        }
        // 199 lines of the lowest, 198 of the next, and so on: ten batches.
        let (written, seen) = left_after(11, format);
        assert_eq!((written.unwrap().rows, seen), (19_900, 10));
    }
}

/// A line of so many people has 450 million reporting lines, which take minutes to write.
const LINE: usize = 30_000;

#[tokio::test]
async fn large_parquet_is_given_up_with_the_last_who_waits() {
    let one = http::ExportSettings { in_all: 1, per_client: 1, ..http::ExportSettings::default() };
    let mut told = app::Settings {
        http: http::Settings { export: one, ..http::Settings::default() },
        ..app::Settings::default()
    };
    // What is refused is refused for want of a place, and nobody is too late.
    told.graphql.rate.capacity = 0;
    told.server.times.request = 4 * FOREVER;
    let person = |at: usize| SimUser {
        manager_id: at.checked_sub(1).map(|above| format!("{above}")),
        ..SimUser::new(format!("{at}"))
    };
    let service = Service::told(Workspace::new((0..LINE).map(person).collect()), told).await;
    let small = "org_stats.csv?columns=grouped_by";
    let head = "GET /export/v1/reporting_lines.parquet HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut readers = Vec::new();
    for _ in 0..2 {
        let mut reader = Raw::connect(service.address).await;
        reader.send(head).await;
        readers.push(reader);
    }
    let written = async { while get(&service.client, small, &[]).await.status() == StatusCode::OK {} };
    tokio::time::timeout(FOREVER, written).await.expect("it is never begun");
    // One of two goes: whoever stays is waited for.
    readers.pop();
    let busy = get(&service.client, small, &[]).await;
    assert_eq!(busy.status(), StatusCode::TOO_MANY_REQUESTS);
    readers.pop();
    let free = async { while get(&service.client, small, &[]).await.status() != StatusCode::OK {} };
    tokio::time::timeout(FOREVER, free).await.expect("the place is never given back");
}

#[tokio::test]
async fn whoever_waits_too_long_for_parquet_hears_of_what_comes_at_once() {
    let mut told = app::Settings::default();
    told.server.times.request = std::time::Duration::from_millis(1);
    let person = |at: usize| SimUser {
        manager_id: at.checked_sub(1).map(|above| format!("{above}")),
        ..SimUser::new(format!("{at}"))
    };
    let service = Service::told(Workspace::new((0..3_000).map(person).collect()), told).await;
    let late = get(&service.client, "reporting_lines.parquet", &[]).await;
    assert_eq!(late.status(), StatusCode::SERVICE_UNAVAILABLE);
    let answer: serde_json::Value = serde_json::from_slice(&late.bytes().await.unwrap()).unwrap();
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.ends_with("or for arrow or csv, which are sent while they are written"), "{message}");
}
