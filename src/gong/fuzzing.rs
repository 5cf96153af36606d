//! What Gong's answers are read by, for programs that make answers up. Each function reads one kind, checks
//! what must hold of whatever comes, and tells whether the answer was understood.

use std::convert::identity;

use jiff::{SignedDuration, Timestamp};

use super::{
    Fetched, GongError, activity,
    auth::bearer,
    calls, coaching,
    decode::{decode, printable},
    oauth::{TokenAnswer, token_error},
    scorecards, settings_history,
    users::{UsersAnswer, page},
    workspaces,
};

/// A page of users.
///
/// # Panics
/// If it is read wrongly.
pub fn users_answer(bytes: &[u8]) -> bool {
    let Some(value) = understood::<UsersAnswer>(bytes) else { return false };
    let (page, _) = page(Fetched { value, asked_at: Timestamp::UNIX_EPOCH }, identity);
    for record in page.refused {
        assert!(record.path.starts_with("users["), "{}", record.path);
        assert!(record.id.as_deref() != Some(""));
        let salvaged = record.salvaged.map(|left| left.value.id);
        assert!(salvaged.is_none() || salvaged == record.id);
    }
    true
}

/// What Gong tells beside users: activity, calls, settings history, scorecards, workspaces or coaching.
///
/// # Panics
/// If it is read wrongly.
pub fn live_answer(bytes: &[u8]) -> bool {
    let activity = understood::<activity::Answer>(bytes).map(|page| {
        let mut answer = activity::ActivityAnswer::default();
        answer.add(page);
        for row in &answer.rows {
            assert!(!row.user_id.is_empty());
        }
        if let Some(error) = &answer.unreadable {
            assert!(error.to_string().contains("usersAggregateActivityStats["), "{error}");
        }
    });
    [
        activity.is_some(),
        understood::<calls::Answer>(bytes).is_some(),
        understood::<settings_history::Answer>(bytes).is_some(),
        understood::<scorecards::Answer>(bytes).is_some(),
        understood::<workspaces::Answer>(bytes).is_some(),
        understood::<coaching::Answer>(bytes).is_some(),
    ]
    .contains(&true)
}

/// The answer to a token call.
///
/// # Panics
/// If it is read wrongly.
pub fn token_answer(bytes: &[u8]) -> bool {
    let Some(answer) = understood::<TokenAnswer>(bytes) else { return false };
    let asked_at = Timestamp::UNIX_EPOCH;
    let tokens = answer.into_tokens(&"used".into(), asked_at, "origin");
    let life = tokens.expires_at.duration_since(asked_at);
    let believed = SignedDuration::from_mins(1)..=SignedDuration::from_hours(365 * 24);
    assert!(believed.contains(&life), "a life of {life:?}");
    bearer(&tokens.access_token).is_some_and(|header| {
        assert!(header.is_sensitive());
        true
    })
}

/// An answer without success, of the API or of the token call.
///
/// # Panics
/// If it is read wrongly.
pub fn error_answer(bytes: &[u8]) -> bool {
    let Some((words, _)) = token_error(bytes) else { return false };
    let told = printable(&words);
    assert!(told.chars().count() <= 300 && !told.contains(char::is_control), "{told:?}");
    true
}

fn understood<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let error = match decode(bytes, None) {
        Ok(answer) => return Some(answer),
        Err(error) => error,
    };
    assert!(matches!(error, GongError::Decode { .. } | GongError::BrokenBody { .. }), "{error:?}");
    let told = error.to_string();
    assert!(told.len() < 1_000 && !told.contains(char::is_control), "{told:?}");
    None
}
