//! Made-up questions that try to find out what isn't for everybody.

use fastrand::Rng;
use orgraph::simulator::SimUser;

/// What questions are made of.
pub struct Questions {
    ids: Vec<String>,
    /// Addresses, numbers and parts of them, guarded and open.
    texts: Vec<String>,
    /// Cursors that answers have held, of whatever listing.
    pub cursors: Vec<String>,
    chance: Rng,
}

const FIELDS: [&str; 24] = [
    "id",
    "emailAddress",
    "emailAliases",
    "trustedEmailAddress",
    "identities { kind value shared }",
    "hidden { field }",
    "name",
    "title",
    "phoneNumber",
    "extension",
    "active",
    "personalMeetingUrls",
    "meetingConsentPageUrl",
    r#"activity(from: "2024-01-08", to: "2024-02-05") { hasActivity }"#,
    r#"calls(from: "2024-01-08T00:00:00Z", to: "2024-02-05T00:00:00Z") { hasMore }"#,
    "settingsHistory { totalCount }",
    "managerStatus",
    "manager { id phoneNumber }",
    "managerChain { length nodes { id trustedEmailAddress } }",
    "reportCount(transitive: true)",
    "depth",
    "orphanReason",
    "issues { totalCount nodes { id kind severity summary emailAddress people { totalCount } } }",
    "fetchedAt",
];

const ORDERS: [&str; 5] = ["NAME", "EMAIL", "TITLE", "CREATED", "DIRECT_REPORT_COUNT"];

impl Questions {
    pub fn about(users: &[SimUser], chance: Rng) -> Self {
        let mut texts: Vec<String> =
            ["example", "canary", "trusted.example", "555", "@", "+", ""].map(str::to_owned).into();
        for user in users {
            let all = [&user.email_address, &user.trusted_email_address, &user.phone_number, &user.extension];
            let open = user.email_aliases.iter().chain(user.first_name.iter()).chain(user.title.iter());
            for text in all.into_iter().flatten().chain(open).chain(&user.personal_meeting_urls) {
                texts.push(text.clone());
                texts.extend(text.split(['@', ' ', '/']).filter(|part| part.len() > 1).map(str::to_owned));
                texts.push(text.to_uppercase());
            }
        }
        texts.sort();
        texts.dedup();
        Self { ids: users.iter().map(|user| user.id.clone()).collect(), texts, cursors: Vec::new(), chance }
    }

    /// The next question.
    pub fn next(&mut self) -> String {
        let count = 1 + self.chance.usize(..2);
        let fields: String = (0..count).map(|at| format!("q{at}: {} ", self.root())).collect();
        format!("{{ {fields}}}")
    }

    fn root(&mut self) -> String {
        let user = self.user();
        match self.chance.u8(..19) {
            0..3 => format!("users({}) {}", self.listing(), page(&user)),
            3 => format!("user(email: {}) {user}", self.email()),
            4 => format!("user(id: {}) {user}", self.id()),
            5 => {
                let keys: Vec<_> =
                    (0..4).map(|_| if self.chance.bool() { self.email() } else { self.id() }).collect();
                let candidates = format!("candidates {{ by user {user} }}");
                format!(
                    "resolveIdentities(keys: [{}]) {{ outcome by candidateCount user {user} {candidates} }}",
                    keys.join(", ")
                )
            }
            6 => {
                let kinds = self
                    .one(&["", "kinds: [PRIMARY_EMAIL, EMAIL_ALIAS],", "kinds: [TRUSTED_EMAIL],"])
                    .to_owned();
                let conflict = format!("{{ value kinds holderCount holders {{ kinds user {user} }} }}");
                format!("identityConflicts({kinds} {}) {}", self.window(), page(&conflict))
            }
            7 => {
                let issue = format!(
                    "{{ id kind severity summary belowCount emailAddress people(first: 3) {{ nodes {user} }} }}"
                );
                let kinds = self.one(&["", "kinds: [DUPLICATE_EMAIL],"]).to_owned();
                let counts = "countsByKind { kind count } countsBySeverity { severity count }";
                format!("orgHealth({kinds} {}) {{ {counts} {} }}", self.window(), inner(&issue))
            }
            8 => {
                let id = format!("issue:DUPLICATE_EMAIL:{:016x}", hash(&self.text().to_lowercase()));
                format!("node(id: {id:?}) {{ ... on Issue {{ id emailAddress people {{ nodes {user} }} }} }}")
            }
            9 | 10 => {
                let text: String = self.text().chars().take(60).collect();
                let edge = format!("edges {{ cursor matchedFields node {user} }}");
                format!("search(text: {text:?}, {}) {{ totalCount {edge} }}", self.filtered_window())
            }
            11 => format!(
                "reports(managerId: {}, transitive: true, {}) {}",
                self.id(),
                self.listing(),
                page(&user)
            ),
            12 => format!("orphans({}) {}", self.filtered_window(), page(&user)),
            13 => format!(
                "orgChart(maxNodes: 20, filter: {}) {{ totalCount nodes {{ id matches subtreeSize user {user} }} }}",
                self.filter(2)
            ),
            14 => {
                let by = self.one(&["EMAIL_DOMAIN", "TITLE", "TOP"]).to_owned();
                format!(
                    "orgStats(filter: {}, groupBy: {by}) {{ headcount groups {{ nodes {{ key headcount }} }} }}",
                    self.filter(2)
                )
            }
            15 => format!(
                "_entities(representations: [{{ __typename: \"User\", emailAddress: {} }}]) {{ ... on User {user} }}",
                self.email()
            ),
            16 => format!("whoCanSee(userId: {}, {}) {}", self.id(), self.listing(), page(&user)),
            17 => format!(
                "simulateMove(userIds: [{}]) {{ moved {{ nodes {{ user {user} }} }} spans {{ totalCount }} }}",
                self.id()
            ),
            _ => "snapshot { userCount checks { anomalies { kind count } } }".to_owned(),
        }
    }

    fn user(&mut self) -> String {
        let fields: Vec<_> = (0..4).map(|_| self.one(&FIELDS).to_owned()).collect();
        format!("{{ id {} }}", fields.join(" "))
    }

    fn listing(&mut self) -> String {
        let order = self.one(&ORDERS).to_owned();
        let direction = self.one(&["ASC", "DESC"]).to_owned();
        format!("orderBy: {{ field: {order}, direction: {direction} }}, {}", self.filtered_window())
    }

    fn filtered_window(&mut self) -> String {
        format!("filter: {}, {}", self.filter(3), self.window())
    }

    fn window(&mut self) -> String {
        let count = self.chance.u8(..8);
        let cursor = match self.chance.choice(&self.cursors) {
            Some(cursor) if self.chance.u8(..4) == 0 => Some(format!("{cursor:?}")),
            _ => None,
        };
        let (take, from) = if self.chance.bool() { ("first", "after") } else { ("last", "before") };
        cursor.map_or(format!("{take}: {count}"), |cursor| format!("{take}: {count}, {from}: {cursor}"))
    }

    fn filter(&mut self, depth: u8) -> String {
        let text = self.text();
        let condition = match self.chance.u8(..10) {
            0 | 1 => format!("emailContains: {text:?}"),
            2 => format!("email: {{ equals: {text:?} }}"),
            3 => format!("email: {{ startsWith: {text:?} }}"),
            4 => format!("emailDomain: [{text:?}]"),
            5 => format!("nameContains: {text:?}"),
            6 => format!("active: {}", self.chance.bool()),
            _ if depth == 0 => "kind: [PERSON]".to_owned(),
            7 => format!("not: {}", self.filter(depth - 1)),
            8 => format!("or: [{}, {}]", self.filter(depth - 1), self.filter(depth - 1)),
            _ => format!("and: [{}, {}]", self.filter(depth - 1), self.filter(depth - 1)),
        };
        format!("{{ {condition} }}")
    }

    fn text(&mut self) -> String {
        let text = self.chance.choice(&self.texts).unwrap().clone();
        match self.chance.u8(..4) {
            0 => text.chars().take(1 + self.chance.usize(..8)).collect(),
            _ => text,
        }
    }

    fn email(&mut self) -> String {
        let text = self.text();
        let text = if text.contains('@') { text } else { format!("{text}@trusted.example") };
        format!("{text:?}")
    }

    fn id(&mut self) -> String {
        format!("{:?}", self.chance.choice(&self.ids).unwrap())
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        self.chance.choice(of).unwrap()
    }
}

fn inner(node: &str) -> String {
    format!(
        "totalCount pageInfo {{ hasPreviousPage hasNextPage startCursor endCursor }} edges {{ cursor node {node} }}"
    )
}

fn page(node: &str) -> String {
    format!("{{ {} }}", inner(node))
}

/// What the id of a shared address is made of.
fn hash(address: &str) -> u64 {
    let step = |sum: u64, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    address.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
