//! `/v2/users`: the user object and the three calls that return it.

use std::{convert::identity, pin::pin, thread};

use futures_util::{Stream, TryStreamExt};
use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::{
    Fetched, Gong, GongError, Listed, Page, RefusedRecord, Turn, Urgency,
    client::Call,
    decode::{empty_as_none, flag, null_as_default, objects, texts},
    paging::{Records, pages},
    record::{self, RawRecord, Refusal},
};

/// The most ids for one look-up. Gong's own bound is not published (*assumed*).
pub const MAX_IDS_PER_CALL: usize = 100;

/// The records of a page that are read before somebody else may have the core: whoever is woken on it may have to wait
/// until this thread has had its share, which is milliseconds.
const AT_A_TIME: usize = 16;

/// A user as Gong sends it. Absent, `null` and `""` are all `None`; unknown fields are ignored.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct User {
    #[serde(deserialize_with = "id")]
    pub id: String,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub email_address: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub created: Option<String>,
    /// Gong always sends it; somebody without it counts as active.
    #[serde(default, deserialize_with = "flag")]
    pub active: Option<bool>,
    #[serde(default, deserialize_with = "texts")]
    pub email_aliases: Vec<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub trusted_email_address: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub first_name: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub last_name: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub phone_number: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub extension: Option<String>,
    #[serde(default, deserialize_with = "texts")]
    pub personal_meeting_urls: Vec<String>,
    #[serde(default, deserialize_with = "null_as_default")]
    pub settings: SettingsRecord,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub manager_id: Option<String>,
    #[serde(default, deserialize_with = "empty_as_none")]
    pub meeting_consent_page_url: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub spoken_languages: Vec<SpokenLanguage>,
}

/// `settings` of a user.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are Gong's own, under Gong's own names")]
pub struct SettingsRecord {
    #[serde(deserialize_with = "flag")]
    pub web_conferences_recorded: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub prevent_web_conference_recording: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub telephony_calls_imported: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub emails_imported: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub prevent_email_import: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub non_recorded_meetings_imported: Option<bool>,
    #[serde(deserialize_with = "flag")]
    pub gong_connect_enabled: Option<bool>,
}

/// An entry of `spokenLanguages`.
#[derive(Clone, Debug, Deserialize)]
pub struct SpokenLanguage {
    /// BCP 47 tag.
    #[serde(default, deserialize_with = "empty_as_none")]
    pub language: Option<String>,
    /// Whether it is the main one.
    #[serde(default, deserialize_with = "flag")]
    pub primary: Option<bool>,
}

/// Whether a look-up finds avatars (synthetic users of Gong's staff) too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Avatars {
    Include,
    LeaveOut,
}

/// Users by the moment they were created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreatedWindow {
    /// Created at this moment or later; `None` for however early.
    pub from: Option<Timestamp>,
    /// Created before this moment; `None` for however late.
    pub to: Option<Timestamp>,
}

/// Who was found by id.
#[derive(Debug, Default)]
pub struct Found {
    /// The users.
    pub users: Vec<Fetched<User>>,
    /// Records that can't be read: of these Gong has said something that can't be told.
    pub refused: Vec<RefusedRecord>,
}

/// The body of `POST /v2/users/extensive`; `filter` has to be there.
#[derive(Debug, Serialize)]
struct ExtensiveRequest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<&'a str>,
    filter: ExtensiveFilter<'a>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExtensiveFilter<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    user_ids: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    created_from_date_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_to_date_time: Option<String>,
    include_avatars: bool,
}

/// An answer with users. `users` has to be there and a list: an answer without it is no empty company.
#[derive(Debug, Deserialize)]
pub(super) struct UsersAnswer {
    records: Option<Records>,
    users: Vec<RawRecord>,
}

#[derive(Debug, Deserialize)]
struct UserAnswer {
    user: User,
}

impl Gong {
    /// `GET /v2/users`: everybody but avatars, 100 a page, in no promised order. Each record becomes what `into` makes
    /// of it, on the thread that has read it.
    pub fn users<T: Send + 'static>(
        &self,
        into: fn(Fetched<User>) -> T,
    ) -> impl Stream<Item = Result<Listed<T>, GongError>> {
        pages(move |cursor| self.listed(cursor, into))
    }

    /// `GET /v2/users/{id}`: one user, or `None` if Gong knows nobody of that id (404; its words are
    /// *assumed*).
    ///
    /// # Errors
    /// If Gong gives no answer that can be used.
    pub async fn user(&self, id: &str) -> Result<Option<Fetched<User>>, GongError> {
        if id.is_empty() || id.chars().all(|c| c == '.') {
            return Ok(None); // would be another path
        }
        let call = Call { method: Method::GET, path: &["v2", "users", id], query: Vec::new(), body: None };
        match self.call::<UserAnswer>(&call, Urgency::Lookup, None).await {
            Ok(Fetched { value: UserAnswer { user }, asked_at }) => {
                Ok(Some(Fetched { value: user, asked_at }))
            }
            Err(GongError::Rejected { status: 404, request_id: Some(_), .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `POST /v2/users/extensive` for everybody but avatars who was created in `window`, 100 a page, in no
    /// promised order. Who has no `created` is in no window (*assumed*). As with [`users`](Self::users), `into` says
    /// what becomes of records.
    pub fn users_created<T: Send + 'static>(
        &self,
        window: CreatedWindow,
        into: fn(Fetched<User>) -> T,
    ) -> impl Stream<Item = Result<Listed<T>, GongError>> {
        let filter = ExtensiveFilter {
            created_from_date_time: window.from.map(|from| from.to_string()),
            created_to_date_time: window.to.map(|to| to.to_string()),
            ..ExtensiveFilter::default()
        };
        pages(move |cursor| self.extensive(filter.clone(), cursor, Urgency::Scan, None, into))
    }

    /// `POST /v2/users/extensive` for at most [`MAX_IDS_PER_CALL`] ids, in one call unless Gong cuts the
    /// answer in pages. Who is unknown is missing from the result. `turn` is permission for the first
    /// call, if the caller has it.
    ///
    /// # Errors
    /// If Gong gives no answer that can be used.
    pub async fn users_by_ids(
        &self,
        ids: &[String],
        avatars: Avatars,
        urgency: Urgency,
        mut turn: Option<Turn>,
    ) -> Result<Found, GongError> {
        if ids.is_empty() {
            return Ok(Found::default()); // no ids would filter nobody
        }
        let include_avatars = avatars == Avatars::Include;
        let filter = ExtensiveFilter { user_ids: ids, include_avatars, ..ExtensiveFilter::default() };
        let mut pages =
            pin!(pages(|cursor| { self.extensive(filter.clone(), cursor, urgency, turn.take(), identity) }));
        let mut found = Found::default();
        while let Some(listed) = pages.try_next().await? {
            match listed {
                Listed::Page(page) => {
                    found.users.extend(page.items);
                    found.refused.extend(page.refused);
                }
                Listed::BeganAnew => found = Found::default(),
            }
        }
        Ok(found)
    }

    async fn listed<T: Send + 'static>(
        &self,
        cursor: Option<String>,
        into: fn(Fetched<User>) -> T,
    ) -> Result<(Page<T>, Option<String>), GongError> {
        let query = cursor.iter().map(|cursor| ("cursor", cursor.as_str())).collect();
        let call = Call { method: Method::GET, path: &["v2", "users"], query, body: None };
        self.call_and_take(&call, Urgency::Scan, None, move |answer| page(answer, into)).await
    }

    async fn extensive<T: Send + 'static>(
        &self,
        filter: ExtensiveFilter<'_>,
        cursor: Option<String>,
        urgency: Urgency,
        turn: Option<Turn>,
        into: fn(Fetched<User>) -> T,
    ) -> Result<(Page<T>, Option<String>), GongError> {
        let request = ExtensiveRequest { cursor: cursor.as_deref(), filter };
        let call = Call {
            method: Method::POST,
            path: &["v2", "users", "extensive"],
            query: Vec::new(),
            body: Some(serde_json::json!(request)),
        };
        match self.call_and_take(&call, urgency, turn, move |answer| page(answer, into)).await {
            // Nothing matches (*coded for*). Only if Gong itself says so: a 404 from somewhere else means
            // that this isn't Gong.
            Err(GongError::Rejected { status: 404, request_id: Some(_), .. }) => {
                Ok((Page { items: Vec::new(), refused: Vec::new(), total: Some(0), has_records: true }, None))
            }
            answer => answer,
        }
    }
}

/// The page that an answer is, with what `into` makes of its records, and the cursor of the next one.
pub(super) fn page<T>(
    answer: Fetched<UsersAnswer>,
    into: fn(Fetched<User>) -> T,
) -> (Page<T>, Option<String>) {
    let Fetched { value: UsersAnswer { records, users }, asked_at } = answer;
    let has_records = records.is_some();
    let Records { total_records: total, cursor } = records.unwrap_or_default();
    let mut page = Page { items: Vec::with_capacity(users.len()), refused: Vec::new(), total, has_records };
    for (at, raw) in users.iter().enumerate() {
        if at > 0 && at % AT_A_TIME == 0 {
            thread::yield_now();
        }
        match record::read(raw, at) {
            Ok(value) => page.items.push(into(Fetched { value, asked_at })),
            Err(Refusal { id, path, cause, salvaged }) => {
                let salvaged = salvaged.map(|value| Box::new(Fetched { value: *value, asked_at }));
                page.refused.push(RefusedRecord { id, path, cause, salvaged });
            }
        }
    }
    (page, cursor)
}

/// An id is text, and not the empty one.
fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = String::deserialize(deserializer)?;
    if id.is_empty() {
        return Err(serde::de::Error::invalid_value(serde::de::Unexpected::Str(""), &"an id"));
    }
    Ok(id)
}
