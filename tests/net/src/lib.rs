//! A lab for transfers: machines that are network namespaces, lines with the rate, delay and loss of real ones, servers
//! and peers that misbehave to order, other BitTorrent programs to compare with, and captures that show what really
//! went over the wire. For development only; needs root on Linux.
//!
//! Everything happens inside namespaces that nothing leaves: no interface and no route of the machine is touched.
//! Dropping a [`Lab`] removes all of it, and making one removes what an earlier program left behind when it was killed.
//! Layers, bottom up: `space` → `shape`, `delay` → `lab` (who is connected how) · `capture` (what flowed) ·
//! `content` (what is transferred) → `origin`, `tracker`, `peer` (the other side) and `node`, `clients` (programs).
#![cfg(target_os = "linux")]

pub mod bench;
pub mod capture;
pub mod clients;
pub mod content;
pub mod delay;
pub mod dht;
pub mod game;
pub mod lab;
pub mod node;
pub mod origin;
pub mod peer;
pub mod place;
pub mod process;
pub mod shape;
pub mod space;
pub mod tracker;

pub use capture::{Capture, Tally};
pub use content::Content;
pub use delay::{DelayLine, Stretch};
pub use lab::{Access, Host, Lab, Realm};
pub use node::{Event, Node, NodeOptions};
pub use process::Program;
pub use shape::Line;
pub use space::{Namespace, unavailable};
