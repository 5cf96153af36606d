//! What single steps take in process: building a company, finding people by its indexes, filters and pages, plans.
//! `cargo bench --bench graph` prints the times; a word after `--` takes those with it in their name. Times are this
//! machine's: what says something are two of them from one run.
#![expect(clippy::expect_used, reason = "a benchmark that fails should say where")]

mod company;

use std::{hint::black_box, sync::LazyLock};

use divan::Bencher;
use mimalloc::MiMalloc;
use orgraph::org::{
    self, Direction, Fragment, Order, OrderField, OrgGraph, Scope, SearchText, Take, UserFilter, UserId,
    Window,
};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use self::company::{Company, users};

/// The service's own.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What is built, and what is asked.
const SIZES: [usize; 2] = [10_000, 100_000];
const PEOPLE: usize = 100_000;

static GRAPH: LazyLock<OrgGraph> = LazyLock::new(|| org::build(users(PEOPLE)));

fn main() {
    divan::main();
}

/// Everything that a snapshot has from the beginning.
#[divan::bench(args = SIZES, sample_count = 20)]
fn build(bencher: Bencher<'_, '_>, people: usize) {
    let users = users(people);
    bencher.with_inputs(|| users.clone()).bench_values(org::build);
}

/// One user after the other, so that it is as seldom in the processor's caches as it would be.
fn each(bencher: Bencher<'_, '_>, work: impl Fn(&'static OrgGraph, &'static org::User) -> usize + Sync) {
    let graph = &*GRAPH;
    let mut nth = 0;
    bencher
        .with_inputs(|| {
            nth = (nth + 7_919) % graph.users().len();
            &graph.users()[nth]
        })
        .bench_local_values(|user| work(graph, user));
}

mod index {
    use super::*;

    #[divan::bench]
    fn by_id(bencher: Bencher<'_, '_>) {
        each(bencher, |graph, user| usize::from(graph.find(user.id()).is_some()));
    }

    #[divan::bench]
    fn by_email(bencher: Bencher<'_, '_>) {
        let graph = &*GRAPH;
        let mut nth = 0;
        bencher
            .with_inputs(|| {
                nth = (nth + 7_919) % graph.users().len();
                graph.users()[nth].email_address().map(org::EmailAddress::new)
            })
            .bench_local_refs(|address| {
                let found = address.as_ref().map(|address| graph.find_by_email(address));
                usize::from(found.is_some_and(|found| found != org::EmailMatch::Nobody))
            });
    }

    #[divan::bench]
    fn chain(bencher: Bencher<'_, '_>) {
        each(bencher, |graph, user| graph.find(user.id()).map_or(0, |at| graph.managers(at).count()));
    }

    /// A word, a part of one, and one with a letter that is wrong.
    #[divan::bench(args = ["director", "dire", "directr"])]
    fn search(bencher: Bencher<'_, '_>, text: &str) {
        let (text, everybody) = (SearchText::new(text).expect("few words"), UserFilter::default());
        let window = Window { after: None, before: None, take: Take::First(20) };
        GRAPH.derive(org::Derived::SearchIndex);
        bencher.bench_local(|| GRAPH.search(usize::MAX, &text, &everybody).page(&window));
    }
}

/// Counted, and the first page of 50 by name.
mod filter {
    use super::*;

    fn filtered(bencher: Bencher<'_, '_>, filter: &UserFilter) {
        let by_name = Order::By(OrderField::Name, Direction::Ascending);
        let window = Window { after: None, before: None, take: Take::First(50) };
        bencher.bench_local(|| {
            let listing = GRAPH.list(&Scope::Everyone, filter, by_name);
            black_box((listing.count(), listing.page(&window).users.len()))
        });
    }

    #[divan::bench]
    fn nothing(bencher: Bencher<'_, '_>) {
        filtered(bencher, &UserFilter::default());
    }

    #[divan::bench]
    fn by_ids(bencher: Bencher<'_, '_>) {
        let ids = GRAPH.users().iter().step_by(1_000).map(|user| UserId::new(user.id()));
        filtered(bencher, &UserFilter { ids: Some(ids.collect()), ..UserFilter::default() });
    }

    #[divan::bench]
    fn under_a_manager(bencher: Bencher<'_, '_>) {
        filtered(bencher, &UserFilter { under: Some(manager()), ..UserFilter::default() });
    }

    #[divan::bench]
    fn of_a_manager(bencher: Bencher<'_, '_>) {
        let manager_ids = Some([manager()].into());
        filtered(bencher, &UserFilter { manager_ids, ..UserFilter::default() });
    }

    #[divan::bench]
    fn inactive(bencher: Bencher<'_, '_>) {
        filtered(bencher, &UserFilter { active: Some(false), ..UserFilter::default() });
    }

    #[divan::bench]
    fn by_a_part_of_the_title(bencher: Bencher<'_, '_>) {
        let title_contains = Some(Fragment::new("director"));
        filtered(bencher, &UserFilter { title_contains, ..UserFilter::default() });
    }

    /// Whoever has about a hundred people below.
    fn manager() -> UserId {
        let graph = &*GRAPH;
        let below = |user: &&org::User| {
            let count = graph.find(user.id()).map(|at| graph.transitive_count(at));
            count.is_some_and(|count| (80..200).contains(&count))
        };
        UserId::new(graph.users().iter().find(below).expect("a manager of so many").id())
    }
}

/// Documents that are known, with other variables each time.
mod plan {
    use super::*;

    static COMPANY: LazyLock<(Runtime, Company)> = LazyLock::new(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let company = runtime.block_on(Company::of(PEOPLE));
        (runtime, company)
    });

    const PERSON: &str = "query($id: ID!) { user(id: $id) { id name title managerChain { length nodes { id name } } \
                          reports(first: 20) { totalCount nodes { id name } } } }";

    fn asked(
        bencher: Bencher<'_, '_>,
        document: &str,
        variables: impl Fn(&Company, u64) -> serde_json::Value,
    ) {
        let (runtime, company) = &*COMPANY;
        let mut nth = 0;
        bencher
            .with_inputs(|| {
                nth += 1;
                variables(company, nth)
            })
            .bench_local_values(|variables| runtime.block_on(company.ask(document, variables)));
    }

    #[divan::bench]
    fn person(bencher: Bencher<'_, '_>) {
        asked(bencher, PERSON, |company, nth| json!({ "id": company.id(nth * 7_919) }));
    }

    /// The same with the steps of HTTP around it.
    #[divan::bench]
    fn person_by_http(bencher: Bencher<'_, '_>) {
        let (runtime, company) = &*COMPANY;
        let mut nth = 0;
        bencher.bench_local(|| {
            nth += 7_919;
            runtime.block_on(company.post(PERSON, json!({ "id": company.id(nth) }), None));
        });
    }

    #[divan::bench(args = [20, 100, 1_000])]
    fn page(bencher: Bencher<'_, '_>, first: u64) {
        let document = "query($first: Int, $after: String) { users(first: $first, after: $after) { nodes { id name title \
                        emailAddress active managerId depth created } } }";
        asked(bencher, document, |company, nth| json!({ "first": first, "after": company.cursor(nth) }));
    }
}
