//! `docs/publish.md`: what it shows is what happens.

use crate::support::{Postgres, file, orgraph, serve, shipped_company, simulate};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_what_is_printed_and_its_sql_runs() {
    let Some(postgres) = Postgres::start().await else { return };
    let admin = postgres.with_roles().await;
    let page = std::fs::read_to_string(file("docs/publish.md")).unwrap();
    let gong = serve(&simulate(shipped_company())).await;
    let output = orgraph()
        .args(["publish", "--to", &postgres.address("orgraph", "bi")])
        .envs([("GONG_ACCESS_KEY", "key"), ("GONG_ACCESS_KEY_SECRET", "canary-secret")])
        .env("GONG_BASE_URL", &gong)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    let (place, tables) = printed.split_once('\n').unwrap();
    assert!(place.ends_with(":5432/bi, schema orgraph:"), "{place}");
    assert!(page.contains(tables), "{printed}");

    let blocks: Vec<&str> =
        page.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let reader = postgres.connect("reader", "bi").await;
    admin.run(blocks[2]).await;
    let mut counts = Vec::new();
    for query in blocks[0].split(';').filter(|query| !query.trim().is_empty()) {
        let rows = reader.rows(query, &[]).await;
        assert!(!rows.is_empty(), "{query}");
        counts.push((rows.len(), rows[0].try_get::<_, i64>(0).ok()));
    }
    // Both ways down tell of the same people.
    assert_eq!(counts.len(), 4, "{counts:?}");
    assert_eq!(counts[1].1, Some(counts[0].0 as i64));
    assert_eq!(counts[3].0, 5);
}
