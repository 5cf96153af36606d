//! Companies of which everybody has everything, with values that are found wherever they come out.

use orgraph::simulator::SimUser;

use crate::support::example;

/// What every value begins with that isn't for everybody.
pub const CANARY: &str = "canary";

/// The small company, everybody with all that can be guarded; two share an alias.
pub fn small() -> Vec<SimUser> {
    let mut users = example::company();
    users.iter_mut().for_each(with_secrets);
    for user in &mut users[..2] {
        user.email_aliases.push("shared@example.org".to_owned());
    }
    users
}

/// Gives a user what may not come out.
pub fn with_secrets(user: &mut SimUser) {
    let id = &user.id;
    user.trusted_email_address = Some(format!("{CANARY}-{id}@trusted.example"));
    user.phone_number = Some(format!("{CANARY} +1 555 {id}"));
    user.extension = Some(format!("{CANARY} {id}"));
    user.personal_meeting_urls = vec![format!("https://meet.example/{CANARY}/{id}")];
    user.meeting_consent_page_url = Some(format!("https://consent.example/{id}?token={CANARY}"));
}

/// The same people without it.
pub fn blanked(users: &[SimUser]) -> Vec<SimUser> {
    let blank = |user: &SimUser| SimUser {
        trusted_email_address: None,
        phone_number: None,
        extension: None,
        personal_meeting_urls: Vec::new(),
        meeting_consent_page_url: None,
        ..user.clone()
    };
    users.iter().map(blank).collect()
}

const FIRST: [&str; 12] = ["Ann", "Bo", "Cy", "Émile", "Zoë", "Hal", "Ida", "Jo", "Kim", "Lou", "Max", "Nia"];
const LAST: [&str; 10] = ["Ames", "Öz", "Bell", "Zorn", "Canary", "Diaz", "Eck", "Fox", "Gray", "Hill"];
const TITLES: [&str; 6] = ["Engineer", "VP Sales", "Account Executive", "Head of Design", "SDR", "Ärztin"];

/// A company of all kinds of trouble, whose guarded values meet each other and others' open ones.
pub fn tangled(people: usize, chance: &mut fastrand::Rng) -> Vec<SimUser> {
    let id = |at: usize| (1_000 + at).to_string();
    let primary = |at: usize| format!("p{at}@{}", ["example.org", "example.com"][at % 2]);
    let alias = |at: usize| format!("a{at}@example.net");
    let mut users = Vec::with_capacity(people);
    for at in 0..people {
        let mut user = SimUser {
            first_name: (chance.u8(..) > 20).then(|| chance.choice(FIRST).unwrap().to_owned()),
            last_name: (chance.u8(..) > 20).then(|| chance.choice(LAST).unwrap().to_owned()),
            title: (chance.u8(..) > 40).then(|| chance.choice(TITLES).unwrap().to_owned()),
            email_address: (chance.u8(..) > 20).then(|| primary(at)),
            active: chance.u8(..) > 40,
            created: Some(format!("20{:02}-03-01T10:00:00Z", 10 + at % 15)),
            manager_id: match chance.u8(..) {
                0..12 => None,
                12..20 => Some("404".to_owned()),
                20..26 => Some(id(at)),
                26..60 => Some(id(chance.usize(..people))),
                _ => Some(id(at / 4)),
            },
            ..SimUser::new(id(at))
        };
        if chance.u8(..) < 80 {
            // Some share one with a neighbour.
            user.email_aliases.push(alias(at - at % 2 * usize::from(chance.bool())));
        }
        with_secrets(&mut user);
        user.trusted_email_address = match chance.u8(..) {
            0..60 => None,
            60..110 => Some(primary(chance.usize(..people))),
            110..150 => Some(alias(chance.usize(..people))),
            150..200 => Some(format!("{CANARY}-{}@trusted.example", at / 3)),
            200..215 => Some(id(chance.usize(..people))),
            _ => user.trusted_email_address,
        };
        if chance.u8(..) < 100 {
            user.phone_number = Some(format!("{CANARY} +1 555 {}", at / 5));
            user.extension = None;
        }
        users.push(user);
    }
    users
}
