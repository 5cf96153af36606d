#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    orgraph::gong::fuzzing::live_answer(bytes);
});
