//! Real folders, real links, real crashes.

mod adopted;
mod crash;
mod edits;
mod journal;
mod kept;
mod kill;
mod model;
mod places;
mod preflight;
mod proof;
mod support;
mod written;
