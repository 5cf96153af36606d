//! The moments of a user, in 24 bytes: as two timestamps, of which one may be missing, they take 40.

use jiff::Timestamp;

/// When a user was created, if that is told, and when the record was fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Moments {
    seconds: [i64; 2],
    nanoseconds: [i32; 2],
}

const CREATED: usize = 0;
const FETCHED: usize = 1;
/// No moment has so few nanoseconds.
const MISSING: i32 = i32::MIN;

impl Moments {
    pub(super) fn of(created: Option<Timestamp>, fetched_at: Timestamp) -> Self {
        let seconds = [created.map_or(0, Timestamp::as_second), fetched_at.as_second()];
        let nanoseconds =
            [created.map_or(MISSING, Timestamp::subsec_nanosecond), fetched_at.subsec_nanosecond()];
        Self { seconds, nanoseconds }
    }

    pub(super) fn created(&self) -> Option<Timestamp> {
        if self.nanoseconds[CREATED] == MISSING { None } else { Some(self.at(CREATED)) }
    }

    pub(super) fn fetched_at(&self) -> Timestamp {
        self.at(FETCHED)
    }

    fn at(&self, which: usize) -> Timestamp {
        // They are a timestamp's own.
        Timestamp::new(self.seconds[which], self.nanoseconds[which]).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_kept_to_the_nanosecond() {
        let moment = |nanoseconds| Timestamp::from_nanosecond(nanoseconds).unwrap();
        let all = [Timestamp::MIN, Timestamp::MAX, moment(-1), moment(0), moment(1), moment(1_999_999_999)];
        for fetched_at in all {
            for created in all.into_iter().map(Some).chain([None]) {
                let moments = Moments::of(created, fetched_at);
                assert_eq!((moments.created(), moments.fetched_at()), (created, fetched_at));
            }
        }
    }
}
