//! Trying again while another program holds a file for a moment.

use std::{io, thread, time::Duration};

use crate::platform;

/// Waits of 10, 20, 40 … 640 ms: 1.3 s together.
const ATTEMPTS: u32 = 8;

pub(crate) fn retry<T>(mut operation: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for attempt in 0..ATTEMPTS - 1 {
        match operation() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if platform::is_transient(&error) => {
                thread::sleep(Duration::from_millis(10 << attempt))
            }
            other => return other,
        }
    }
    operation()
}
