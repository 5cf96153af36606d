#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    orgraph::http::fuzzing::media_types(bytes);
});
