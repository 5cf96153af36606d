//! From ids wanted in the same moment to one call.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use async_graphql::dataloader::{DataLoader, Loader};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::watch;

use super::convert;
use crate::{
    clock::Clock,
    gong::{self, Avatars, Fetched, Gong, GongError, Refusal, Turn, Urgency},
    org::{OrgSnapshot, User, UserId, UserKind},
};

/// What Gong said about one id.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The user; `None` if Gong knows nobody of that id.
    pub user: Option<Arc<User>>,
    /// When Gong was asked: the answer was true then or later.
    pub asked_at: Timestamp,
}

/// Loads users by id through `POST /v2/users/extensive`.
pub(super) struct UsersLoader {
    gong: Arc<Gong>,
    snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
    clock: Clock,
    urgency: Urgency,
}

/// How long a batch stays open when Gong could be asked at once: for ids of the same request.
const LINGER: Duration = Duration::from_millis(2);

tokio::task_local! {
    /// The batch's permission to call Gong, taken before its keys are.
    static TURN: Cell<Option<Result<Turn, Refusal>>>;
}

impl UsersLoader {
    /// A DataLoader whose batches are cut only when the limiter has a place for them: the keys stay
    /// open to more callers until then, so that batches grow under load instead of queueing.
    pub(super) fn batching(
        gong: Arc<Gong>,
        snapshots: watch::Receiver<Option<Arc<OrgSnapshot>>>,
        clock: Clock,
        urgency: Urgency,
    ) -> DataLoader<Self> {
        let limiter = gong.limiter().clone();
        let run_when_possible = move |batch: BoxFuture<'static, ()>| {
            let limiter = limiter.clone();
            tokio::spawn(async move {
                let turn = limiter.turn(urgency).await;
                TURN.scope(Cell::new(Some(turn)), batch).await;
            })
        };
        DataLoader::new(Self { gong, snapshots, clock, urgency }, run_when_possible)
            .delay(LINGER)
            .max_batch_size(gong::MAX_IDS_PER_CALL)
    }

    /// Asks for `ids`, avatars included, and tells of everyone found what kind they are.
    async fn ask(&self, ids: &[String], turn: Option<Turn>) -> Result<Vec<User>, GongError> {
        let found = self.gong.users_by_ids(ids, Avatars::Include, self.urgency, turn).await?;
        let wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let found: Vec<_> =
            found.into_iter().filter(|user| wanted.contains(user.value.id.as_str())).collect();
        let kinds = self.kinds(&found).await?;
        let kind =
            |user: &Fetched<gong::User>| kinds.get(&user.value.id).copied().unwrap_or(UserKind::Avatar);
        Ok(found
            .into_iter()
            .map(|user| (kind(&user), user))
            .map(|(kind, user)| convert::user(user, kind))
            .collect())
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
                    graph.find(&user.id).map(|index| graph.user(index).kind)
                });
                match known {
                    Some(kind) => _ = kinds.insert(user.id.clone(), kind),
                    None => unknown.push(user.id.clone()),
                }
            }
        }
        if !unknown.is_empty() {
            let persons = self.gong.users_by_ids(&unknown, Avatars::LeaveOut, self.urgency, None).await?;
            kinds.extend(persons.into_iter().map(|user| (user.value.id, UserKind::Person)));
        }
        Ok(kinds)
    }
}

impl Loader<UserId> for UsersLoader {
    type Value = Answer;
    type Error = Arc<GongError>;

    async fn load(&self, keys: &[UserId]) -> Result<HashMap<UserId, Answer>, Self::Error> {
        let turn = TURN.try_with(Cell::take).ok().flatten().transpose().map_err(GongError::from)?;
        let asked_at = self.clock.now();
        // Ids that don't look like Gong's are asked for apart, so that a refusal hits nobody else.
        let (usual, odd): (Vec<_>, Vec<_>) =
            keys.iter().map(|id| id.as_str().to_owned()).partition(|id| is_usual(id));
        let mut found = Vec::new();
        if odd.is_empty() {
            found = self.ask(&usual, turn).await?;
        } else {
            match self.ask(&odd, turn).await {
                Ok(users) => found.extend(users),
                Err(GongError::Rejected { status: 400, .. }) => {}
                Err(error) => return Err(error.into()),
            }
            if !usual.is_empty() {
                found.extend(self.ask(&usual, None).await?);
            }
        }
        let nobody = Answer { user: None, asked_at };
        let mut answers: HashMap<_, _> = keys.iter().map(|id| (id.clone(), nobody.clone())).collect();
        answers.extend(found.into_iter().map(|user| {
            let asked_at = user.fetched_at;
            (user.id.clone(), Answer { user: Some(Arc::new(user)), asked_at })
        }));
        Ok(answers)
    }
}

/// Whether an id is one as Gong makes them: up to 20 digits.
fn is_usual(id: &str) -> bool {
    (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}
