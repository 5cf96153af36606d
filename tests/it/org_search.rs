//! Search against a slow one that compares every word with every word.

use std::thread;

use orgraph::org::{
    Found, OrgGraph, Position, SearchField, SearchText, SortKey, Take, UserFilter, UserKind, UserParts,
    Window,
};
use proptest::{
    collection::vec,
    option::{of, weighted},
    prelude::*,
    sample::select,
};

use crate::company::{GRAPHS, build, for_all, user};

/// Small letters without accents, cut where there is no letter, digit or apostrophe.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    for letter in text.to_lowercase().chars() {
        match letter {
            'é' | 'ë' => plain.push('e'),
            'ü' => plain.push('u'),
            'ß' => plain.push_str("ss"),
            'ø' => plain.push('o'),
            '\'' | '’' | '\u{301}' => {}
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().map(str::to_owned).collect()
}

/// Edits from one word to another; a swap of neighbours is one.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let other = usize::from(a[i - 1] != b[j - 1]);
                let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + other);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

/// Steps from the best way in which `wanted` is `word` or its beginning.
fn steps(wanted: &str, word: &str) -> Option<usize> {
    if wanted == word {
        return Some(0);
    }
    if word.starts_with(wanted) {
        return Some(1);
    }
    let (wanted, word): (Vec<_>, Vec<_>) = (wanted.chars().collect(), word.chars().collect());
    let forgiven = match wanted.len() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let least = (0..=word.len()).map(|end| edits(&wanted, &word[..end])).min().unwrap();
    (1..=forgiven).contains(&least).then_some(least + 1)
}

const FIELDS: [SearchField; 4] =
    [SearchField::Name, SearchField::Email, SearchField::Alias, SearchField::Title];

fn name(user: &UserParts) -> Option<String> {
    let parts: Vec<_> = user.first_name.iter().chain(&user.last_name).map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn texts(user: &UserParts) -> [Vec<String>; 4] {
    let aliases = user.email_aliases.iter().chain(&user.trusted_email_address);
    [
        name(user).into_iter().collect(),
        user.email_address.iter().cloned().collect(),
        aliases.cloned().collect(),
        user.title.iter().cloned().collect(),
    ]
}

/// How far down the found somebody is, and in which fields the words were found.
fn place(user: &UserParts, text: &str) -> Option<((usize, usize), Vec<SearchField>)> {
    let fields = texts(user).map(|texts| texts.iter().flat_map(|text| words(text)).collect::<Vec<_>>());
    let (mut sums, mut matched) = ((0, 0), [false; 4]);
    let mut wanted = words(text);
    wanted.sort();
    wanted.dedup();
    if wanted.is_empty() {
        return None;
    }
    for word in wanted {
        let mut best = None;
        for (at, field) in fields.iter().enumerate() {
            for steps in field.iter().filter_map(|known| steps(&word, known)) {
                matched[at] = true;
                best = best.min(Some((steps, at))).or(Some((steps, at)));
            }
        }
        let (steps, field) = best?;
        sums = (sums.0 + steps, sums.1 + field);
    }
    Some((sums, (0..4).filter(|&at| matched[at]).map(|at| FIELDS[at]).collect()))
}

/// What comes first: the place, then the name without case, the nameless last, then the id.
type Entry = ((usize, usize), bool, String, String);

fn entry(user: &UserParts, place: (usize, usize)) -> Entry {
    let name = name(user).map(|name| name.to_lowercase());
    (place, name.is_none(), name.unwrap_or_default(), user.id.clone())
}

fn expected(users: &[UserParts], text: &str, active: Option<bool>) -> Vec<(Entry, Vec<SearchField>)> {
    let mut found: Vec<_> = users
        .iter()
        .filter(|user| user.kind == UserKind::Person && active != Some(!user.active))
        .filter_map(|user| place(user, text).map(|(place, fields)| (entry(user, place), fields)))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn found(graph: &OrgGraph, found: &Found<'_>) -> Vec<(String, Vec<SearchField>)> {
    found.iter().map(|hit| (graph.user(hit.user).id().to_owned(), hit.fields().collect())).collect()
}

fn word() -> impl Strategy<Value = String> {
    let known = [
        "Zoë",
        "zoe",
        "Müller",
        "muller",
        "Straße",
        "Ann",
        "Anna",
        "Hanna",
        "O'Brien",
        "O’Brian",
        "Bøe",
        "Annabelle",
        "Annabella",
        "Anabel",
        "sales",
        "Salesforce",
        "ab",
        "a",
        "7",
        "2nd",
        "e\u{301}mile",
    ];
    prop_oneof![
        3 => select(known.to_vec()).prop_map(str::to_owned),
        2 => "[abé]{1,5}",
        1 => "[ab]{6,11}",
    ]
}

fn phrase(most: usize) -> impl Strategy<Value = String> {
    (vec(word(), 0..=most), select(vec![" ", "-", ".", ", "]))
        .prop_map(|(words, between)| words.join(between))
}

fn address() -> impl Strategy<Value = String> {
    (phrase(2), word()).prop_map(|(name, domain)| format!("{name}@{domain}.org"))
}

fn people() -> impl Strategy<Value = Vec<UserParts>> {
    let person = (
        of(word()),
        of(word()),
        of(address()),
        vec(address(), 0..2),
        weighted(0.2, address()),
        of(phrase(3)),
    )
        .prop_map(
            |(first_name, last_name, email_address, email_aliases, trusted_email_address, title)| UserParts {
                first_name,
                last_name,
                email_address,
                email_aliases,
                trusted_email_address,
                title,
                ..user("")
            },
        );
    let person = (person, prop::bool::weighted(0.8), prop::bool::weighted(0.1)).prop_map(
        |(person, active, avatar)| UserParts {
            active,
            kind: if avatar { UserKind::Avatar } else { UserKind::Person },
            ..person
        },
    );
    vec(person, 0..7).prop_map(|people| {
        let numbered =
            |(at, person): (usize, UserParts)| UserParts { id: ((at * 5) % 7).to_string(), ..person };
        people.into_iter().enumerate().map(numbered).collect()
    })
}

fn only(active: Option<bool>) -> UserFilter {
    UserFilter { active, ..UserFilter::default() }
}

#[test]
fn a_search_finds_and_ranks_as_its_words_say() {
    let searches = vec((phrase(3), of(any::<bool>())), 1..4);
    for_all(GRAPHS / 6, (people(), searches), |(users, searches)| {
        let graph = build(users.clone());
        for (text, active) in searches {
            let filter = only(active);
            let result = graph.search(usize::MAX, &SearchText::new(&text).unwrap(), &filter);
            let expected = expected(&users, &text, active);
            let expected: Vec<_> = expected.into_iter().map(|((_, _, _, id), fields)| (id, fields)).collect();
            prop_assert_eq!(result.count(), expected.len());
            prop_assert_eq!(found(&graph, &result), expected, "{:?}", text);
        }
        Ok(())
    });
}

#[test]
fn pages_of_a_search_are_slices_and_outlive_their_company() {
    let windows = vec((0..7_usize, 0..4_usize, any::<bool>()), 3);
    for_all(GRAPHS / 10, (people(), people(), phrase(2), windows), |(users, later, text, windows)| {
        let (graph, after) = (build(users), build(later.clone()));
        let words = SearchText::new(&text).unwrap();
        let filter = UserFilter::default();
        let (result, result_after) =
            (graph.search(usize::MAX, &words, &filter), after.search(usize::MAX, &words, &filter));
        let all: Vec<_> = result.iter().collect();
        for (at, size, forwards) in windows {
            let Some(edge) = all.get(at).map(|hit| result.position(hit)) else { continue };
            let window = |edge: &Position| match forwards {
                true => Window { after: Some(edge.clone()), before: None, take: Take::First(size) },
                false => Window { after: None, before: Some(edge.clone()), take: Take::Last(size) },
            };
            let page = result.page(&window(&edge));
            let slice =
                if forwards { at + 1..(at + 1 + size).min(all.len()) } else { at.saturating_sub(size)..at };
            prop_assert_eq!(page.has_previous, slice.start > 0);
            prop_assert_eq!(page.has_next, slice.end < all.len());
            prop_assert_eq!(page.hits, &all[slice]);

            // In another company the edge stands where its place, name and id would stand.
            let SortKey::Rank(rank, name) = &edge.key else { panic!("{:?}", edge.key) };
            let place = (usize::from(rank / 256), usize::from(rank % 256));
            let edge_entry: Entry =
                (place, name.is_none(), name.clone().unwrap_or_default(), edge.id.to_string());
            let side = expected(&later, &text, None).into_iter().map(|(entry, _)| entry);
            let side: Vec<_> = side
                .filter(|entry| if forwards { *entry > edge_entry } else { *entry < edge_entry })
                .collect();
            let taken = size.min(side.len());
            let wanted = if forwards { &side[..taken] } else { &side[side.len() - taken..] };
            let page = result_after.page(&window(&edge));
            let ids: Vec<_> = page.hits.iter().map(|hit| after.user(hit.user).id().to_owned()).collect();
            prop_assert_eq!(ids, wanted.iter().map(|(_, _, _, id)| id.clone()).collect::<Vec<_>>());
        }
        Ok(())
    });
}

#[test]
fn texts_of_any_length_are_searched() {
    let test = || {
        let long = "Ab cdé-".repeat(40_000);
        let users = (0..3).map(|at| UserParts { title: Some(long.clone()), ..user(&format!("{at}")) });
        let graph = build(users.collect());
        let filter = UserFilter::default();
        let count = |text: &str| graph.search(usize::MAX, &SearchText::new(text).unwrap(), &filter).count();
        assert_eq!((count("cde ab"), count("cdx"), count(""), count("-- ?")), (3, 0, 0, 0));
        // Longer than any word is taken to be.
        assert_eq!(count(&"ab".repeat(100_000)), 0);
        let nobody = build(Vec::new());
        assert_eq!(nobody.search(9, &SearchText::new("ann").unwrap(), &filter).count(), 0);
        assert_eq!(graph.search(5, &SearchText::new("ab").unwrap(), &filter).count(), 0, "over what it may");
    };
    // The dictionary's checksum keeps its tables on the stack in a debug build, whatever the texts.
    let thread = thread::Builder::new().stack_size(1024 * 1024).spawn(test).unwrap();
    thread.join().unwrap();
}
