//! What processes cost, as the kernel counts it.

use std::fs;

use muster_window_suite::Process;

/// Proportional set size of processes, in MB: memory that several share is counted once in all (`proc(5)`, `smaps_rollup`).
pub fn memory(processes: &[Process]) -> f64 {
    kernel_says(processes, "Pss:")
}

/// What they have that lies in no file, in MB: what grows where something leaks. Unlike [`memory`] it is the same whether or
/// not another window of the same engine is open on this machine.
pub fn own(processes: &[Process]) -> f64 {
    kernel_says(processes, "Pss_Anon:")
}

fn kernel_says(processes: &[Process], field: &str) -> f64 {
    let of = |process: &Process| {
        let text = fs::read_to_string(format!("/proc/{}/smaps_rollup", process.id)).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(field))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    processes.iter().filter_map(of).sum::<f64>() / 1024.0
}

/// Seconds of processor time that processes have used.
pub fn processor(processes: &[Process]) -> f64 {
    let of = |process: &Process| {
        let text = fs::read_to_string(format!("/proc/{}/stat", process.id)).unwrap_or_default();
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
        ticks(11) + ticks(12)
    };
    // A hundred ticks a second on every Linux that this runs on.
    processes.iter().map(of).sum::<f64>() / 100.0
}
