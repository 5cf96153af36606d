//! From ids wanted in the same moment to one call.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use async_graphql::dataloader::{DataLoader, Loader};
use jiff::Timestamp;
use tokio::sync::watch;

use super::{batches, convert, repairs::Repairs};
use crate::{
    clock::Clock,
    gong::{self, Avatars, Fetched, Found, Gong, GongError, RefusedRecord, Turn, Urgency},
    org::{OrgSnapshot, User, UserId, UserKind},
};

/// What Gong said about one id.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The user; `None` if Gong knows nobody of that id.
    pub user: Option<Arc<User>>,
    /// What is wrong with the record, if it can't be read. `user` is then what is left of it, if anything.
    pub fault: Option<Arc<RefusedRecord>>,
    /// When Gong was asked: the answer was true then or later.
    pub asked_at: Timestamp,
}

impl Answer {
    fn found(user: Arc<User>) -> Self {
        Self { asked_at: user.fetched_at(), user: Some(user), fault: None }
    }

    pub(super) fn nobody(asked_at: Timestamp) -> Self {
        Self { user: None, fault: None, asked_at }
    }

    /// What is left of the record counts as a person's: avatars' records are no other.
    fn unreadable(mut record: RefusedRecord, asked_at: Timestamp) -> Self {
        let left = record.salvaged.take().map(|left| Arc::new(convert::user(*left, UserKind::Person)));
        Self { user: left, fault: Some(Arc::new(record)), asked_at }
    }
}

/// Loads users by id through `POST /v2/users/extensive`.
pub(super) struct UsersLoader {
    gong: Arc<Gong>,
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    repairs: Arc<Repairs>,
    clock: Clock,
    urgency: Urgency,
}

/// How long a batch stays open when Gong could be asked at once: for ids of the same request.
const LINGER: Duration = Duration::from_millis(2);

impl UsersLoader {
    /// A DataLoader whose batches are cut only when the limiter has a place for them: the keys stay
    /// open to more callers until then, so that batches grow under load instead of queueing.
    pub(super) fn batching(
        gong: Arc<Gong>,
        snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
        repairs: Arc<Repairs>,
        clock: Clock,
        urgency: Urgency,
    ) -> DataLoader<Self> {
        let run_when_possible = batches::when_possible(gong.limiter().clone(), urgency);
        DataLoader::new(Self { gong, snapshots, repairs, clock, urgency }, run_when_possible)
            .delay(LINGER)
            .max_batch_size(gong::MAX_IDS_PER_CALL)
    }

    /// What Gong says of `ids`, avatars included, and what kind everybody is. Who is unknown is left out.
    async fn ask(
        &self,
        ids: &[String],
        turn: Option<Turn>,
        asked_at: Timestamp,
    ) -> Result<HashMap<UserId, Answer>, GongError> {
        let Found { users, refused } =
            self.gong.users_by_ids(ids, Avatars::Include, self.urgency, turn).await?;
        let mut missing: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let found: Vec<_> = users.into_iter().filter(|user| missing.remove(user.value.id.as_str())).collect();
        let mut answers = HashMap::with_capacity(ids.len());
        let kinds = self.kinds(&found).await?;
        for record in found {
            let kind = kinds.get(&record.value.id).copied().unwrap_or(UserKind::Avatar);
            let user = Arc::new(convert::user(record, kind));
            // What a scan looks up is its own to bring in, or to be held back with it.
            if self.urgency == Urgency::Lookup {
                self.repairs.offer(&user);
            }
            answers.insert(UserId::new(user.id()), Answer::found(user));
        }
        let mut nameless = None;
        for record in refused {
            match &record.id {
                Some(id) if missing.remove(id.as_str()) => {
                    answers.insert(UserId::new(id.as_str()), Answer::unreadable(record, asked_at));
                }
                Some(_) => {}
                None => nameless = Some(record),
            }
        }
        // Somebody of those who are missing is behind a record without an id, and nobody knows who.
        if let Some(record) = nameless {
            let unclear = Answer::unreadable(record, asked_at);
            answers.extend(missing.into_iter().map(|id| (UserId::new(id), unclear.clone())));
        }
        Ok(answers)
    }

    /// Gong doesn't mark avatars (their shape is *assumed*): an avatar is who is found with avatars
    /// included and not without. Whom the snapshot knows is not asked for twice.
    async fn kinds(&self, found: &[Fetched<gong::User>]) -> Result<HashMap<String, UserKind>, GongError> {
        let mut kinds = HashMap::new();
        let mut unknown = Vec::new();
        {
            let snapshot = self.snapshots.borrow();
            for Fetched { value: user, .. } in found {
                let known = snapshot.as_ref().and_then(|snapshot| {
                    let graph = &snapshot.graph;
                    graph.find(&user.id).map(|index| graph.user(index).kind())
                });
                match known {
                    // A scan is there to notice that a person has become an avatar.
                    Some(UserKind::Person) if self.urgency == Urgency::Scan => unknown.push(user.id.clone()),
                    Some(kind) => _ = kinds.insert(user.id.clone(), kind),
                    None => unknown.push(user.id.clone()),
                }
            }
        }
        if !unknown.is_empty() {
            let persons = self.gong.users_by_ids(&unknown, Avatars::LeaveOut, self.urgency, None).await?;
            // Who can't be read there is there all the same.
            let refused = persons.refused.into_iter().filter_map(|record| record.id);
            let persons = persons.users.into_iter().map(|user| user.value.id).chain(refused);
            kinds.extend(persons.map(|id| (id, UserKind::Person)));
        }
        Ok(kinds)
    }
}

impl Loader<UserId> for UsersLoader {
    type Value = Answer;
    type Error = Arc<GongError>;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Answer>, Self::Error> {
        let turn = batches::turn().map_err(GongError::from)?;
        let asked_at = self.clock.now();
        // Ids that don't look like Gong's are asked for apart, so that a refusal hits nobody else.
        let (usual, odd): (Vec<_>, Vec<_>) =
            keys.iter().map(|id| id.as_str().to_owned()).partition(|id| is_usual(id));
        let mut answers: HashMap<_, _> =
            keys.iter().map(|id| (id.clone(), Answer::nobody(asked_at))).collect();
        if odd.is_empty() {
            answers.extend(self.ask(&usual, turn, asked_at).await?);
        } else {
            match self.ask(&odd, turn, asked_at).await {
                Ok(found) => answers.extend(found),
                Err(GongError::Rejected { status: 400, .. }) => {}
                Err(error) => return Err(error.into()),
            }
            if !usual.is_empty() {
                answers.extend(self.ask(&usual, None, asked_at).await?);
            }
        }
        Ok(answers)
    }
}

/// Whether an id is one as Gong makes them: up to 20 digits.
fn is_usual(id: &str) -> bool {
    (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}
