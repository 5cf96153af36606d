#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    orgraph::gong::fuzzing::error_answer(bytes);
});
