//! The only module that knows `sigstore-tuf`: its verifier behind [`Session`], fed by our ports, guarded by our JSON
//! rules, with our cryptography. Nothing of it leaves this module.

mod feed;
mod found;
mod provider;
mod recall;
mod session;
mod verdict;

pub(crate) use feed::{Flavour, Ports, Reach};
pub(crate) use found::Found;
pub(crate) use session::{Delegation, Session};

/// Bounds on what one refresh or look-up may fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one root file.
    pub root: u64,
    /// Bytes of the timestamp.
    pub timestamp: u64,
    /// Bytes of the snapshot: 20,000 publishers need 0.6 MB.
    pub snapshot: u64,
    /// Bytes of one targets role.
    pub targets: u64,
    /// Root versions followed in one refresh. What was followed is kept, so a longer chain needs another refresh.
    pub root_rotations: u32,
    /// Roles visited for one target.
    pub delegations: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            root: 512_000,
            timestamp: 16_384,
            snapshot: 8_000_000,
            targets: 8_000_000,
            root_rotations: 64,
            delegations: 32,
        }
    }
}
