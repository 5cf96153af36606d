//! Moments in JSON. A page of a hundred users has a hundred of them at least, and the civil time of a library, which is
//! for every year there could be, took the sixth part of its instructions.

use jiff::Timestamp;

use super::json::{Json, SHORT};

/// The numbers of two digits.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < pairs.len() {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

const DAY: u64 = 24 * 60 * 60;

impl Json {
    /// A moment to the millisecond.
    pub(super) fn moment(&mut self, moment: Timestamp) {
        // None is after the year 9999.
        match (u64::try_from(moment.as_second()), u32::try_from(moment.subsec_millisecond())) {
            (Ok(seconds), Ok(milliseconds)) => {
                self.in_room(b"\"0000-00-00T00:00:00.000Z\"      ", |text| write(text, seconds, milliseconds))
            }
            _ => {
                let whole = Timestamp::from_millisecond(moment.as_millisecond()).unwrap_or(moment);
                self.raw(&format!("\"{whole}\""));
            }
        }
    }
}

/// Writes a moment since 1970 over zeros, and tells where it ends.
fn write(text: &mut [u8; SHORT], seconds: u64, milliseconds: u32) -> usize {
    let [year, month, day] = civil_date((seconds / DAY) as u32);
    let of_day = (seconds % DAY) as u32;
    let mut pair = |at: usize, number: u32| {
        text[at..at + 2].copy_from_slice(PAIRS.get(number as usize).unwrap_or(&[0; 2]));
    };
    pair(1, year / 100);
    pair(3, year % 100);
    pair(6, month);
    pair(9, day);
    pair(12, of_day / 3_600);
    pair(15, of_day / 60 % 60);
    pair(18, of_day % 60);
    pair(22, milliseconds % 100);
    text[21] = b'0' + (milliseconds / 100) as u8;
    // Of a second's fraction no zeros are written that say nothing.
    let end = match milliseconds {
        0 => 20,
        _ if milliseconds.is_multiple_of(100) => 22,
        _ if milliseconds.is_multiple_of(10) => 23,
        _ => 24,
    };
    text[end..end + 2].copy_from_slice(b"Z\"");
    end + 2
}

/// The year, month and day that is so many days after 1970-01-01, in the Gregorian calendar, by multiplications alone
/// (Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their application to calendar algorithms", 2022).
/// Years begin with March, so that a leap day is the last of its year.
fn civil_date(days: u32) -> [u32; 3] {
    // Since the first of March in the year 0, in quarters of a day.
    let quarters = 4 * (days + 719_468) + 3;
    let (century, of_century) = (quarters / 146_097, (quarters % 146_097) | 3);
    let years = 2_939_745 * u64::from(of_century);
    let (year, of_year) = ((years >> 32) as u32, years as u32 / 2_939_745 / 4);
    let months = 2_141 * of_year + 197_913;
    let (month, day) = (months >> 16, (months & 0xffff) / 2_141);
    // January and February.
    let next = u32::from(of_year >= 306);
    [100 * century + year + next, month - 12 * next, day + 1]
}

#[cfg(test)]
mod tests {
    use jiff::civil;

    use super::*;

    fn written(moment: Timestamp) -> String {
        let mut json = Json::with_capacity(0);
        json.moment(moment);
        String::from_utf8(json.finish()).unwrap()
    }

    #[test]
    fn a_moment_is_written_as_elsewhere() {
        let some = (0..2_000i64).map(|at| at * 7_919_777_713_331 % 250_000_000_000_000 - 60_000_000_000_000);
        let round = [0, 1, 10, 100, 500, 999, 1_000, 60_000, 86_399_999, -1, -1_000, -62_167_219_200_000];
        let ends = [-62_167_219_200_001, 253_402_207_200_000, -377_000_000_000_000];
        for milliseconds in some.chain(round).chain(ends) {
            let moment = Timestamp::from_millisecond(milliseconds).unwrap();
            assert_eq!(written(moment), format!("\"{moment}\""), "{milliseconds}");
        }
        let finer = Timestamp::from_nanosecond(1_999_999).unwrap();
        assert_eq!(written(finer), "\"1970-01-01T00:00:00.001Z\"");
    }

    #[test]
    fn every_day_is_the_calendars() {
        let mut day = civil::date(1970, 1, 1);
        for days in 0.. {
            let expected = [day.year() as u32, day.month() as u32, day.day() as u32];
            assert_eq!(civil_date(days), expected);
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        assert_eq!(day, civil::date(9999, 12, 31));
    }
}
