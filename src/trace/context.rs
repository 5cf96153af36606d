//! `traceparent`: which trace a request is part of, as its caller says by the W3C's Trace Context.

/// What a caller says of the trace that a request is part of.
///
/// `tracestate` isn't read: nothing here needs it, nothing is passed on, and its content is the caller's to fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace; never 0.
    pub trace_id: u128,
    /// The caller's span; never 0.
    pub parent_id: u64,
    /// Whether the caller keeps its own part.
    pub sampled: bool,
}

/// The length of a header of version 00.
const LENGTH: usize = 55;

impl TraceContext {
    /// Reads a header, to the letter of the specification; `None` for one that is to be ignored. Of versions to
    /// come, what this one knows is taken.
    pub fn parse(header: &[u8]) -> Option<Self> {
        let (known, rest) = header.split_at_checked(LENGTH)?;
        let (version, trace, parent, flags) = (&known[..2], &known[3..35], &known[36..52], &known[53..]);
        if [known[2], known[35], known[52]] != *b"---" {
            return None;
        }
        let whole = match hex(version)? {
            0xff => false,
            0 => rest.is_empty(),
            _ => rest.first().is_none_or(|next| *next == b'-'),
        };
        let (trace_id, parent_id, flags) = (hex(trace)?, hex(parent)?, hex(flags)?);
        let parent_id = u64::try_from(parent_id).ok()?;
        let valid = whole && trace_id != 0 && parent_id != 0;
        valid.then_some(Self { trace_id, parent_id, sampled: flags & 1 == 1 })
    }
}

/// A number in lower-case hexadecimal; nothing else stands in these headers.
fn hex(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some(number << 4 | u128::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_good_header_is_read() {
        let read = TraceContext::parse(GOOD.as_bytes()).unwrap();
        assert_eq!(read.trace_id, 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736);
        assert_eq!((read.parent_id, read.sampled), (0x00f0_67aa_0ba9_02b7, true));
        for (flags, sampled) in [("00", false), ("03", true), ("02", false), ("ff", true)] {
            let header = format!("{}{flags}", &GOOD[..53]);
            assert_eq!(TraceContext::parse(header.as_bytes()).unwrap().sampled, sampled, "{header}");
        }
    }

    #[test]
    fn versions_to_come_are_read_as_far_as_they_are_known() {
        for (version, rest, taken) in [
            ("01", "", true),
            ("cc", "-what-the-future-will-be-like", true),
            ("fe", "-", true),
            ("cc", ".what", false),
            ("00", "-more", false),
            ("ff", "", false),
        ] {
            let header = format!("{version}{}{rest}", &GOOD[2..]);
            assert_eq!(TraceContext::parse(header.as_bytes()).is_some(), taken, "{header}");
        }
    }

    #[test]
    fn what_is_not_to_the_letter_is_ignored() {
        for bad in [
            "",
            "00",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-001",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
            "0--4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473ä-0f067aa0ba902b7-01",
        ] {
            assert_eq!(TraceContext::parse(bad.as_bytes()), None, "{bad:?}");
        }
        // Any one byte that is wrong spoils it, if it isn't in the flags or the version.
        for at in 2..53 {
            let mut header = GOOD.as_bytes().to_vec();
            header[at] = b'G';
            assert_eq!(TraceContext::parse(&header), None, "at {at}");
        }
    }
}
