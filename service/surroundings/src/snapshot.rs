//! The facts.

/// What the machine is doing at one moment. `None` is "cannot be known here".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Everybody who could tell something was asked once. Before that, nothing here means anything.
    pub has_looked: bool,
    /// No mains power.
    pub on_battery: Option<bool>,
    /// The way to the internet costs by the byte, or the system believes so.
    pub is_metered: Option<bool>,
    /// Packets to the internet go through a tunnel.
    pub over_vpn: Option<bool>,
    /// Nobody has touched the machine for a while.
    pub is_away: Option<bool>,
    /// The program in front fills the screen.
    pub full_screen: Option<bool>,
    /// The machine is about to be suspended.
    pub is_sleeping: Option<bool>,
    /// Bytes that may still be written to the watched volume.
    pub free_bytes: Option<u64>,
}
