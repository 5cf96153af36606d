//! A service that publishes after each sync, and goes on serving whatever becomes of that.

use std::collections::BTreeSet;

use orgraph::app;

use super::people;
use crate::support::{Client, Postgres, Process, Service, orgraph, serve, serving, simulate};

fn published(count: i64) -> String {
    format!("SELECT count(*) = {count} FROM orgraph.users")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sync_is_published() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let simulator = simulate(people(20));
    let told = app::Settings {
        publish: Some(postgres.target("orgraph", "bi")),
        sync: orgraph::sync::Settings {
            interval: "1s".parse().unwrap(),
            ..orgraph::sync::Settings::default()
        },
        ..app::Settings::default()
    };
    let gong = crate::support::settings(serve(&simulator).await, crate::support::UNHURRIED);
    let service = Service::with(&gong, told, None).await;
    service.ready().await;
    admin.until("SELECT to_regclass('orgraph.snapshot') IS NOT NULL").await;
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users").await, 20);
    simulator.edit(|users| users.truncate(18));
    admin.until(&published(18)).await;
    let metrics = service.client.request(reqwest::Method::GET, "/metrics").send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let told: BTreeSet<&str> = metrics.lines().filter(|line| line.starts_with("orgraph_publi")).collect();
    let told: BTreeSet<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
    // `docs/publish.md` names each of them, and no other.
    let page = crate::support::text("docs/publish.md");
    let named = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let named: BTreeSet<&str> = named.filter(|name| name.starts_with("orgraph_")).collect();
    assert_eq!(told, named);
    assert!(metrics.contains("orgraph_publications_failed_total 0"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_away_keeps_nothing_from_being_served_and_is_written_once_it_is_there() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let gong = serve(&simulate(people(15))).await;
    let mut command = serving();
    command
        .envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary-secret")])
        .env("GONG_BASE_URL", &gong)
        .env("ORGRAPH_REFRESH_INTERVAL", "1d")
        // A database of this name comes later.
        .env("ORGRAPH_PUBLISH_TO", postgres.address("orgraph", "later"))
        .env("ORGRAPH_PUBLISH_PASSWORD", "canary-secret");
    let process = Process::start(&mut command);
    let client = Client::new(process.address());
    process.wait_for("not published; the tables are as they were");
    let answer = client.data("{ users { totalCount } }").await;
    assert_eq!(answer["users"]["totalCount"], 15);
    assert_eq!(client.status("/readyz").await, 200);
    admin.run("CREATE DATABASE later OWNER orgraph").await;
    // Gong isn't read again for a day: it is the same snapshot that is tried again.
    process.wait_for("publish::follow: published");
    let later = postgres.connect("postgres", "later").await;
    assert_eq!(later.number("SELECT count(*) FROM orgraph.users").await, 15);
    let said = process.stop();
    assert!(!said.contains("canary-secret"), "{said}");
}

#[test]
fn an_address_that_cannot_be_used_is_told_before_anything_is_bound() {
    for (address, told) in [
        ("postgres://u:geheim@h/d", "the address holds a password"),
        ("https://h/d", "it doesn't begin with postgres://"),
    ] {
        for command in [["serve", "--publish-to"], ["demo", "--publish-to"], ["publish", "--to"]] {
            let mut run = orgraph();
            run.args(command).arg(address);
            run.envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "secret")]);
            let output = run.output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
            assert!(said.contains(told) && !said.contains("geheim"), "{command:?}: {said}");
        }
    }
}
