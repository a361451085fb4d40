//! Tests of the running programs: the real service, the real terminal program, real games.

mod world;

pub use world::{World, block, minetest_server, muster, root, service, starter};
