//! Databases that can't be used, or shouldn't be: what is told, and that nothing is touched.

use std::path::Path;

use orgraph::publish::{PublishError, Settings, Target, publish};
use rcgen::{CertificateParams, KeyPair};

use super::{line, people, snapshot};
use crate::support::{Postgres, PostgresTold, Scratch, database_settings, orgraph, serve, simulate};

/// What is told when a snapshot of some people can't be published there.
async fn refused(target: &Target) -> String {
    publish(target, snapshot(line("p", 4), 5)).await.unwrap_err().to_string()
}

#[tokio::test]
async fn what_others_have_under_these_names_is_left_alone() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let role = postgres.connect("orgraph", "bi").await;
    let target = postgres.target("orgraph", "bi");
    for (made, dropped, told) in [
        (
            "CREATE TABLE orgraph.users (id text, mine text)",
            "DROP TABLE orgraph.users",
            "orgraph.users is there and isn't orgraph's (its comment doesn't say \"Written by orgraph publish\")",
        ),
        (
            "CREATE VIEW orgraph.orphans AS SELECT 1 AS id",
            "DROP VIEW orgraph.orphans",
            "orgraph.orphans is there and isn't orgraph's (it is no table)",
        ),
        ("CREATE SEQUENCE orgraph.snapshot", "DROP SEQUENCE orgraph.snapshot", "(it is no table)"),
        (
            "CREATE TABLE orgraph.users (id integer, mine text); \
             COMMENT ON TABLE orgraph.users IS 'Written by orgraph publish, layout 1.'",
            "DROP TABLE orgraph.users",
            "(its column id is of type integer)",
        ),
    ] {
        role.run(made).await;
        let error = refused(&target).await;
        assert!(error.contains(told) && error.contains("nothing was changed"), "{error}");
        let there =
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'orgraph'::regnamespace AND relkind <> 'i'";
        assert_eq!(admin.number(there).await, 1, "{made}");
        role.run(dropped).await;
    }
    publish(&target, snapshot(line("p", 4), 5)).await.unwrap();
    for (changed, back, told) in [
        (
            "ALTER TABLE orgraph.snapshot ALTER version TYPE numeric",
            "ALTER TABLE orgraph.snapshot ALTER version TYPE bigint",
            "orgraph.snapshot is there and isn't orgraph's (its column version isn't of orgraph's type)",
        ),
        (
            "COMMENT ON COLUMN orgraph.users.title IS NULL",
            "COMMENT ON COLUMN orgraph.users.title IS 'a title'",
            "(its column title has no comment of orgraph's)",
        ),
        (
            "COMMENT ON TABLE orgraph.orphans IS 'Written by orgraph publish, layout 2.'",
            "COMMENT ON TABLE orgraph.orphans IS 'Written by orgraph publish, layout 1.'",
            "(a later version of orgraph has laid it out, as 2)",
        ),
        (
            "ALTER TABLE orgraph.orphans RENAME id TO mine",
            "ALTER TABLE orgraph.orphans RENAME mine TO id",
            "(its column id is gone)",
        ),
    ] {
        role.run(changed).await;
        let error = refused(&target).await;
        assert!(error.contains(told), "{error}");
        role.run(back).await;
    }
    publish(&target, snapshot(line("p", 5), 6)).await.unwrap();
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("postgres://u@{}/d", listener.local_addr().unwrap());
    let error = refused(&Target::new(&database_settings(address)).unwrap()).await;
    assert!(error.contains("the server has said nothing for 30 s"), "{error}");
}

#[tokio::test]
async fn a_newer_snapshot_and_another_company_are_not_overwritten() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let target = postgres.target("orgraph", "bi");
    publish(&target, snapshot(line("p", 9), 9)).await.unwrap();
    let older = refused(&target).await;
    assert_eq!(
        older,
        "the tables hold a newer snapshot, read from Gong at 2026-01-01T00:00:09.646Z: this one was read at \
         2026-01-01T00:00:05.646Z"
    );
    let others = publish(&target, snapshot(line("q", 9), 10)).await.unwrap_err();
    assert!(matches!(others, PublishError::OtherPeople { count: 9, .. }), "{others:?}");
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users WHERE id LIKE 'p%'").await, 9);
    // Where one of them is in both it is the same company.
    let mut mixed = line("q", 9);
    mixed.extend(line("p", 1));
    publish(&target, snapshot(mixed, 11)).await.unwrap();
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users").await, 10);
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_told_by_its_cause_and_without_rows_or_passwords() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    admin.run("CREATE ROLE guest LOGIN PASSWORD 'geheim'").await;
    admin.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'").await;
    let nowhere = Scratch::new();
    let address = format!("postgres:///bi?host={}&user=orgraph", nowhere.path().display());
    let error = refused(&Target::new(&database_settings(address)).unwrap()).await;
    assert!(error.contains("can't be used") && error.contains("No such file"), "{error}");
    for (user, database, told) in [
        ("guest", "bi", "password missing"),
        ("orgraph", "nothing", "database \"nothing\" does not exist (3D000)"),
        ("nobody", "bi", "role \"nobody\" does not exist (28000)"),
        ("postgres", "latin", "is in LATIN1: names of people need one in UTF8"),
        ("reader", "bi", "make the table users: permission denied for schema orgraph (42501)"),
    ] {
        let error = refused(&postgres.target(user, database)).await;
        assert!(error.contains(told), "{error}");
    }
    let wrong = Settings {
        password: Some("falsch".to_owned().into()),
        ..database_settings(postgres.address("guest", "bi"))
    };
    let error = refused(&Target::new(&wrong).unwrap()).await;
    assert!(error.contains("password authentication failed") && !error.contains("falsch"), "{error}");
    let right = Settings { password: Some("geheim".to_owned().into()), ..wrong };
    let error = refused(&Target::new(&right).unwrap()).await;
    assert!(error.contains("permission denied for schema orgraph"), "{error}");
    // A row that the database won't have is somebody's, and isn't told.
    let target = postgres.target("orgraph", "bi");
    publish(&target, snapshot(line("p", 2), 1)).await.unwrap();
    admin.run("ALTER TABLE orgraph.users ADD CONSTRAINT short CHECK (length(first_name) < 3)").await;
    let error = publish(&target, snapshot(line("p", 30), 2)).await.unwrap_err().to_string();
    assert!(error.contains("insert rows of users") && error.contains("constraint short"), "{error}");
    assert!(!error.contains("N1") && !error.contains("p1"), "{error}");
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users").await, 2);
}

#[tokio::test]
async fn a_server_elsewhere_is_asked_by_tls_alone_and_its_certificate_has_to_be_trusted() {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(["localhost".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
    let scratch = Scratch::new();
    let file = scratch.path().join("ca.pem");
    std::fs::write(&file, &certificate).unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told = PostgresTold {
        conf: &["ssl = on", "ssl_cert_file = 'cert.pem'", "ssl_key_file = 'key.pem'"],
        port: Some(port),
        files: &[("cert.pem", &certificate), ("key.pem", &key.serialize_pem())],
        ..PostgresTold::default()
    };
    let Some(postgres) = Postgres::told(told).await else { return };
    let admin = postgres.with_roles().await;
    let target = |host: &str, mode: &str, ca: Option<&Path>| {
        let address = format!("postgres://orgraph@{host}:{port}/bi?sslmode={mode}");
        let settings = Settings { ca: ca.map(Path::to_owned), ..database_settings(address) };
        Target::new(&settings).unwrap()
    };
    publish(&target("localhost", "verify-full", Some(&file)), snapshot(line("p", 4), 1)).await.unwrap();
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users").await, 4);
    for (host, ca) in [("localhost", None), ("127.0.0.1", Some(&*file))] {
        let error = refused(&target(host, "require", ca)).await;
        assert!(error.contains("certificate") && error.contains("--ca"), "{host}: {error}");
    }
    publish(&target("127.0.0.1", "disable", None), snapshot(line("p", 5), 6)).await.unwrap();
    // On this machine a server is spoken to without, though it could: Debian's has a certificate that nobody trusts.
    let here = database_settings(format!("postgres://orgraph@localhost:{port}/bi"));
    publish(&Target::new(&here).unwrap(), snapshot(line("p", 5), 7)).await.unwrap();
    std::fs::write(&file, "nothing").unwrap();
    let settings = Settings { ca: Some(file), ..database_settings("postgres://u@h/d".to_owned()) };
    let error = Target::new(&settings).unwrap_err().to_string();
    assert!(error.contains("ca.pem can't be used: it holds none"), "{error}");
}

/// Gong's calls are few and its readings long: what a database refuses it refuses before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gong_is_read_for_a_database_that_takes_tables_alone() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let simulator = simulate(people(5));
    let gong = serve(&simulator).await;
    let publishing = |user: &str, database: &str, schema: &str, levels: &str| {
        let mut command = tokio::process::Command::from(orgraph());
        command
            .args(["publish", "--schema", schema, "--levels", levels])
            .args(["--to", &postgres.address(user, database)])
            .envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary-secret")])
            .env("GONG_BASE_URL", &gong);
        async move {
            let output = command.output().await.unwrap();
            (output.status.code(), String::from_utf8(output.stderr).unwrap())
        }
    };
    admin.run("CREATE SCHEMA granted; GRANT USAGE, CREATE ON SCHEMA granted TO reader").await;
    let granted =
        Settings { schema: "granted".to_owned(), ..database_settings(postgres.address("postgres", "bi")) };
    publish(&Target::new(&granted).unwrap(), snapshot(line("p", 2), 1)).await.unwrap();
    admin.run("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA granted TO reader").await;
    admin.run("CREATE SCHEMA taken AUTHORIZATION orgraph; CREATE TABLE taken.orphans (id text)").await;
    for (user, database, schema, told) in [
        ("orgraph", "nothing", "orgraph", "database \"nothing\" does not exist"),
        ("nobody", "bi", "orgraph", "role \"nobody\" does not exist"),
        ("orgraph", "bi", "new", "make the schema new: permission denied for database bi"),
        ("reader", "bi", "orgraph", "make the table users: permission denied for schema orgraph"),
        ("orgraph", "bi", "taken", "taken.orphans is there and isn't orgraph's"),
        ("reader", "bi", "granted", "it lacks UPDATE, DELETE"),
    ] {
        let (code, errors) = publishing(user, database, schema, "3").await;
        assert!(code == Some(1) && errors.contains(told), "{user} {database} {schema}: {errors}");
        assert_eq!(simulator.stats().calls, 0, "{user} {database} {schema}");
    }
    let (code, errors) = publishing("reader", "bi", "granted", "4").await;
    let told =
        "may not write into \"granted\".\"users\": it lacks its ownership, and columns have to be added";
    assert!(code == Some(1) && errors.contains(told), "{errors}");
    assert_eq!(simulator.stats().calls, 0);
    // What was tried has left nothing.
    let made = "SELECT count(*) FROM pg_class WHERE relnamespace = 'orgraph'::regnamespace";
    assert_eq!(admin.number(made).await, 0);
    assert_eq!(publishing("orgraph", "bi", "orgraph", "3").await, (Some(0), String::new()));
    assert_eq!(admin.number("SELECT count(*) FROM orgraph.users").await, 5);
}
