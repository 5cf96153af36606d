//! What should become of each fault: the one place that says it, for the test and for the page.

use orgraph::{
    directory::{FailureKind, QuarantineReason, SyncState},
    simulator::{Effect, FaultKind},
};

/// What is served once a scan has met a fault at every call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The true company.
    Truth,
    /// The company that Gong tells of, which nobody could know to be wrong.
    Told,
    /// The true company, but for records that can't be read: of those the last good one, or what is left. Who
    /// is behind one without an id is asked for by id, if anybody knows of them.
    Kept,
    /// What was served before. The scan has failed.
    Failed { kind: FailureKind, state: SyncState, words: &'static str },
    /// What was served before. The scan is in quarantine.
    HeldBack(QuarantineReason),
}

/// The fault as the matrix switches it on: with a value where the usual one would only take long.
pub(crate) fn script(kind: FaultKind) -> String {
    match kind {
        FaultKind::SlowAnswer => format!("{kind}=20"),
        FaultKind::HugeField | FaultKind::GzipBomb => format!("{kind}=2"),
        _ => kind.name().to_owned(),
    }
}

/// Faults of a listing that goes on from page to page. With a snapshot before, the parts of this company's
/// listing have one page each; the matrix has it read by one cursor for these.
pub(crate) fn needs_a_next_page(kind: FaultKind) -> bool {
    use FaultKind as K;
    matches!(
        kind,
        K::RecordsMissingEarly
            | K::DuplicateAcrossPages
            | K::SameCursorForEver
            | K::CursorExpired
            | K::CursorDamaged
            | K::CursorDroppedEarly
    )
}

/// Whether a record that can't be read still says whose it is.
pub(crate) fn leaves_the_id(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::WrongTypes | FaultKind::LoneSurrogates | FaultKind::IdAsNumber)
}

/// With a good snapshot before.
pub(crate) fn with_a_snapshot(kind: FaultKind) -> Outcome {
    use FaultKind as K;
    match kind.effect() {
        Effect::Harmless => Outcome::Truth,
        // Who is missed by the listing is asked for by id.
        Effect::Changed if kind == K::UserMissingAlthoughCounted => Outcome::Truth,
        Effect::Changed => Outcome::Told,
        Effect::Malformed => Outcome::Kept,
        Effect::Transient => failed(kind),
        Effect::Suspicious => suspicious(kind),
    }
}

/// With nothing before.
pub(crate) fn with_none(kind: FaultKind) -> Outcome {
    use FaultKind as K;
    match kind.effect() {
        Effect::Changed => Outcome::Told,
        // A company that agrees with itself is believed.
        Effect::Suspicious if kind >= K::ZeroUsers => Outcome::Told,
        _ => with_a_snapshot(kind),
    }
}

fn suspicious(kind: FaultKind) -> Outcome {
    use FaultKind as K;
    use QuarantineReason as R;
    match kind {
        K::RecordsMissingEarly => failure(FailureKind::InvalidAnswer, "can't be understood at `records`"),
        K::CursorDroppedEarly | K::TotalTooHigh | K::TotalTooLow => Outcome::HeldBack(R::TotalDiffers),
        K::ZeroUsers => Outcome::HeldBack(R::EmptyCompany),
        K::HalfTheUsers | K::EverybodyInactive | K::EverybodyReplaced => {
            Outcome::HeldBack(R::TooManyDeactivated)
        }
        K::EverybodysManagerGone | K::ManagersShuffled => Outcome::HeldBack(R::TooManyManagersChanged),
        other => panic!("nothing is expected of {other}"),
    }
}

fn failed(kind: FaultKind) -> Outcome {
    use FailureKind::{InvalidAnswer, Throttled, Unavailable};
    use FaultKind as K;
    match kind {
        K::ThrottledWithRetryAfter
        | K::ThrottledBare
        | K::ThrottledZero
        | K::ThrottledTenYears
        | K::ThrottledHttpDate
        | K::ThrottledText => failure(Throttled, "Gong is throttling (HTTP 429)"),
        K::ServerError500 => failure(Unavailable, "HTTP 500"),
        K::BadGateway502Html => failure(Unavailable, "HTTP 502"),
        K::Unavailable503Html => failure(Unavailable, "HTTP 503"),
        K::GatewayTimeout504Html => failure(Unavailable, "HTTP 504"),
        K::Empty520 => failure(Unavailable, "HTTP 520"),
        K::Unreachable522Html => failure(Unavailable, "HTTP 522"),
        K::Unauthorized => unauthorized("refused the credentials (HTTP 401)"),
        K::MissingScope => unauthorized("You don't have permission to use 'api:users:read'"),
        K::Forbidden403 => unauthorized("refused the credentials (HTTP 403)"),
        K::NotFound404 => failure(InvalidAnswer, "refused the request (HTTP 404)"),
        K::ErrorsAsObjects => failure(InvalidAnswer, "the filter is not valid"),
        K::RedirectToAnotherHost => failure(Unavailable, "HTTP 302"),
        K::RedirectToItself => failure(Unavailable, "HTTP 307"),
        K::TimeOut | K::SlowDrip => failure(Unavailable, "did not answer within"),
        K::ResetAtOnce | K::ResetInMidBody | K::HugeHeaders => failure(Unavailable, "can't be reached"),
        K::TruncatedJson | K::Empty200 => failure(InvalidAnswer, "no JSON: it ends early"),
        K::HtmlWith200 | K::Bom | K::Latin1Bytes => failure(InvalidAnswer, "no JSON: syntax error"),
        K::HugeField | K::GzipBomb => failure(InvalidAnswer, "larger than"),
        K::GzipThatIsNone => failure(InvalidAnswer, "no JSON"),
        K::UsersNull | K::UsersMissing => failure(InvalidAnswer, "`users`"),
        K::SameCursorForEver => failure(InvalidAnswer, "the same cursor twice"),
        K::CursorExpired => failure(InvalidAnswer, "cursor has expired"),
        K::CursorDamaged => failure(InvalidAnswer, "Failed to verify cursor"),
        other => panic!("nothing is expected of {other}"),
    }
}

const fn failure(kind: FailureKind, words: &'static str) -> Outcome {
    Outcome::Failed { kind, state: SyncState::Retrying, words }
}

const fn unauthorized(words: &'static str) -> Outcome {
    Outcome::Failed { kind: FailureKind::Unauthorized, state: SyncState::Unauthorized, words }
}

/// Whether a scan of which one call meets it comes to a good end: the call is made again, or its listing is
/// begun anew or read in another way.
pub(crate) fn is_ridden_out(kind: FaultKind) -> bool {
    use FaultKind as K;
    match with_a_snapshot(kind) {
        Outcome::Failed { kind: FailureKind::Throttled, .. } => kind != K::ThrottledTenYears,
        Outcome::Failed { kind: FailureKind::Unavailable, .. } => {
            !matches!(kind, K::RedirectToAnotherHost | K::RedirectToItself)
        }
        Outcome::Failed { kind: FailureKind::InvalidAnswer, words, .. } => {
            let is_made_again = words.starts_with("no JSON");
            let begins_anew = matches!(kind, K::CursorExpired | K::CursorDamaged);
            is_made_again || begins_anew || is_read_in_another_way(kind)
        }
        _ => false,
    }
}

/// Answers that make no sense to one of the parts of a listing: it is read in one instead.
fn is_read_in_another_way(kind: FaultKind) -> bool {
    use FaultKind as K;
    matches!(kind, K::NotFound404 | K::ErrorsAsObjects | K::UsersNull | K::UsersMissing)
}

/// Asks for a silence of which a whole day is believed: Gong isn't called before that, fault or no fault.
pub(crate) fn lasts_a_day(kind: FaultKind) -> bool {
    kind == FaultKind::ThrottledTenYears
}

/// Believed when there was nothing before, and so different from the truth that this is held back afterwards:
/// it takes an operator.
pub(crate) fn makes_the_truth_hard_to_believe(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::ManagersShuffled | FaultKind::EverybodyReplaced)
}
