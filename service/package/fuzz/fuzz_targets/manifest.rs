//! Any text: a manifest or a refusal, and what was read is read the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_package::Manifest;

fuzz_target!(|bytes: &[u8]| {
    let read = Manifest::parse(bytes);
    if let Ok(strict) = Manifest::parse_strict(bytes) {
        assert_eq!(strict, read.expect("readers accept what packers accept"));
    }
});
