//! Any bytes: accepted or refused, never a panic, never more than the limits allow.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_package::{Limits, describe, validate, validate_foreign, verify};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { total: 1 << 20, ..Limits::default() };
    let _ = validate_foreign(bytes, &limits);
    let Ok(package) = validate(bytes, &limits) else { return };
    if verify(bytes, &package, &|| false).is_ok() {
        let map = describe(bytes, &package, &|| false).expect("it is in memory").entry_map;
        assert_eq!(map.expect("a package has one").entries().len(), package.entries().len());
    }
});
