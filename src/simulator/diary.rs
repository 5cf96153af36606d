//! The calls that one person held: made up, a pure function of seed, person and day.

use std::ops::Range;

use jiff::Timestamp;

use super::{
    calendar::{Calendar, Day},
    chance::Chance,
    user::SimUser,
};

/// How many calls there are repeats every four weeks, so that long windows are counted at once.
const CYCLE: i64 = 28;

/// The days on which there may be calls at all: 2000 to 2099.
const DAYS: Range<Day> = 10_957..47_482;

/// One person's calls.
#[derive(Clone, Copy, Debug)]
pub(super) struct Diary<'a> {
    pub(super) host: &'a SimUser,
    chance: Chance,
    /// The most calls a day. Nobody holds any with 0.
    busy: u64,
    days: (Day, Day),
}

/// A call that was held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    pub(super) host: &'a SimUser,
    pub(super) day: Day,
    /// The number among the host's calls of the day, from 0.
    pub(super) nth: u64,
    pub(super) traits: Traits,
    /// Where to draw what else there is to the call.
    pub(super) chance: Chance,
}

/// What is known of a call beside that it was held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits(Chance);

/// How many calls there were, and of what kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) held: u64,
    pub(super) attended: u64,
    pub(super) listened: u64,
    pub(super) with_feedback: u64,
    pub(super) commented: u64,
    pub(super) scored: u64,
    pub(super) asked_for_feedback: u64,
    pub(super) heard_again: u64,
    pub(super) shared_inside: u64,
    pub(super) shared_outside: u64,
}

impl<'a> Diary<'a> {
    /// The diary of an active person, beginning with the day after they were created; an empty one
    /// of anybody else. Days that aren't over have no calls yet.
    pub(super) fn of(host: &'a SimUser, seed: Chance, calendar: &Calendar) -> Self {
        let chance = seed.of(&host.id);
        let created = host.created.as_deref().and_then(|text| text.parse().ok());
        let first = created.map_or(DAYS.start, |time| calendar.day_of(time) + 1).max(DAYS.start);
        let end = calendar.today().unwrap_or(DAYS.end).min(DAYS.end);
        let busy = if host.active && !host.avatar { chance.below(4) } else { 0 };
        Self { host, chance, busy, days: (first, end) }
    }

    /// Whether there is a call on any day.
    pub(super) fn is_empty(&self) -> bool {
        self.busy == 0
    }

    /// The days of these on which there may be calls.
    pub(super) fn within(&self, days: &Range<Day>) -> Range<Day> {
        days.start.max(self.days.0)..days.end.min(self.days.1)
    }

    /// The calls of a day.
    pub(super) fn on(&self, day: Day) -> impl Iterator<Item = Held<'a>> + use<'a> {
        let Self { host, chance, .. } = *self;
        let many = if self.within(&(day..day + 1)).is_empty() { 0 } else { self.many(day) };
        let of_day = chance.of("day").at(day.cast_unsigned());
        let pattern = self.pattern(day);
        (0..many).map(move |nth| Held {
            host,
            day,
            nth,
            traits: Traits(pattern.at(nth)),
            chance: of_day.at(nth),
        })
    }

    /// The calls of these days, counted without going through them.
    pub(super) fn tally(&self, days: &Range<Day>) -> Tally {
        let days = self.within(days);
        let mut tally = Tally::default();
        if days.is_empty() || self.is_empty() {
            return tally;
        }
        for place in 0..CYCLE {
            let before = |day: Day| (day - place + CYCLE - 1).div_euclid(CYCLE);
            let times = (before(days.end) - before(days.start)).cast_unsigned();
            for nth in 0..self.many(place) {
                tally.add(Traits(self.pattern(place).at(nth)), times);
            }
        }
        tally
    }

    fn pattern(&self, day: Day) -> Chance {
        self.chance.of("cycle").at(day.rem_euclid(CYCLE).cast_unsigned())
    }

    fn many(&self, day: Day) -> u64 {
        // 1970-01-01 was a Thursday.
        let weekend = (day + 3).rem_euclid(7) >= 5;
        if weekend { 0 } else { self.pattern(day).below(self.busy + 1) }
    }
}

impl Held<'_> {
    /// When the call began. Up to three a day, three hours apart.
    pub(super) fn started(&self, calendar: &Calendar) -> Timestamp {
        let minutes = 9 * 60 + self.nth * 180 + self.chance.of("minute").below(24) * 5;
        calendar.time_on(self.day, minutes.cast_signed() * 60)
    }

    /// How long it took, in seconds: 5 minutes to an hour.
    pub(super) fn duration(&self) -> u64 {
        300 + self.chance.of("duration").below(3300)
    }

    pub(super) fn id(&self) -> String {
        self.chance.of("id").id()
    }
}

/// What a manager did is the manager's only if there is one at work; see `resources::team`.
impl Traits {
    pub(super) fn manager_attended(self) -> bool {
        self.0.one_in(5, 1)
    }

    pub(super) fn manager_listened(self) -> bool {
        self.0.one_in(4, 2)
    }

    pub(super) fn manager_gave_feedback(self) -> bool {
        self.0.one_in(6, 3)
    }

    pub(super) fn manager_commented(self) -> bool {
        self.0.one_in(6, 4)
    }

    pub(super) fn manager_filled_scorecard(self) -> bool {
        self.0.one_in(8, 5)
    }

    fn host_asked_for_feedback(self) -> bool {
        self.0.one_in(9, 6)
    }

    fn host_listened_again(self) -> bool {
        self.0.one_in(5, 7)
    }

    fn shared_inside(self) -> bool {
        self.0.one_in(7, 8)
    }

    fn shared_outside(self) -> bool {
        self.0.one_in(12, 9)
    }
}

impl Tally {
    fn add(&mut self, traits: Traits, times: u64) {
        let times_if = |so: bool| if so { times } else { 0 };
        self.held += times;
        self.attended += times_if(traits.manager_attended());
        self.listened += times_if(traits.manager_listened());
        self.with_feedback += times_if(traits.manager_gave_feedback());
        self.commented += times_if(traits.manager_commented());
        self.scored += times_if(traits.manager_filled_scorecard());
        self.asked_for_feedback += times_if(traits.host_asked_for_feedback());
        self.heard_again += times_if(traits.host_listened_again());
        self.shared_inside += times_if(traits.shared_inside());
        self.shared_outside += times_if(traits.shared_outside());
    }
}

#[cfg(test)]
mod tests {
    use super::{super::settings::Settings, *};

    #[tokio::test]
    async fn counting_at_once_is_counting_one_by_one() {
        let calendar = Calendar::new(&Settings::default());
        for id in 0..40 {
            let created = Some("2024-02-10T12:00:00+02:00".to_owned());
            let host = SimUser { created, ..SimUser::new(id.to_string()) };
            let diary = Diary::of(&host, Chance::new(1), &calendar);
            for days in [19_760..19_765, 19_700..19_900, 19_763..19_763 + 28, 19_800..19_800] {
                let mut one_by_one = Tally::default();
                for held in days.clone().flat_map(|day| diary.on(day)) {
                    one_by_one.add(held.traits, 1);
                }
                assert_eq!(diary.tally(&days), one_by_one, "{id} {days:?}");
            }
        }
    }

    #[tokio::test]
    async fn nobody_calls_before_they_came_after_they_left_or_today() {
        let starts_at = Some("2024-03-15T12:00:00Z".parse().unwrap());
        let calendar = Calendar::new(&Settings { starts_at, ..Settings::default() });
        let host = |id: usize, active| SimUser {
            created: Some("2024-03-11T12:00:00Z".to_owned()),
            active,
            ..SimUser::new(id.to_string())
        };
        let days = |active| -> std::collections::BTreeSet<Day> {
            (0..50)
                .flat_map(|id| {
                    let host = host(id, active);
                    let diary = Diary::of(&host, Chance::new(1), &calendar);
                    (19_780..19_810).filter(|day| diary.on(*day).count() > 0).collect::<Vec<_>>()
                })
                .collect()
        };
        // Tuesday to Thursday.
        assert_eq!(days(true), [19_794, 19_795, 19_796].into());
        assert!(days(false).is_empty());
    }
}
