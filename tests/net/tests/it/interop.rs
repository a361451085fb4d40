//! S16: our transfers in a swarm with each other program that the distribution has, in both directions.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use anyhow::Result;
use muster_net_lab::{
    Access,
    clients::{Aria2, Caps, Client, Job, Muster, Over, PORT, Qbittorrent, Role, Transmission, wait_for_all},
    content::is_intact,
    tracker::Tracker,
};

use crate::support::{PATIENCE, Scene, program};

/// One gives, the other takes.
fn exchange(scene: &Scene, giver: &dyn Client, taker: &dyn Client) -> Result<Duration> {
    let meeting = scene.host("tracker", Access::FAST)?;
    let tracker = Tracker::start(&meeting)?;
    let hosts = [scene.host("giver", Access::FAST)?, scene.host("taker", Access::FAST)?];
    let folder = |name: &str| -> Result<_> {
        let folder = scene.place.path().join(format!("{}-{}-{name}", giver.name(), taker.name()));
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    };
    let (seed_folder, leech_folder) = (folder("giver")?, folder("taker")?);
    let job = |role| Job {
        host: &hosts[usize::from(role == Role::Leech)],
        place: if role == Role::Seed { &seed_folder } else { &leech_folder },
        content: &scene.content,
        tracker: &tracker,
        others: &[],
        server: None,
        role,
        caps: Caps::default(),
        over: Over::Tcp,
    };
    let mut seed = giver.start(&job(Role::Seed))?;
    seed.offers(&tracker, PATIENCE)?;
    // Ours asks no tracker; to the others it is announced.
    tracker.introduce(hosts[0].at(PORT), 0);
    let others = [hosts[0].at(PORT)];
    let began = Instant::now();
    let leech = taker.start(&Job { others: &others, ..job(Role::Leech) })?;
    let mut sessions = [leech];
    let times = wait_for_all(&mut sessions, &scene.content, began, PATIENCE)?;
    if let Some(file) = &sessions[0].file {
        assert!(is_intact(file, &scene.content.archive)?);
    }
    Ok(times[0])
}

fn both_directions(other: &dyn Client) -> Result<()> {
    needs_lab!();
    let Some(version) = other.version() else {
        println!("skipped: {} is not installed", other.name());
        return Ok(());
    };
    let scene = Scene::new(8 << 20)?;
    let ours = Muster { program: program().to_owned() };
    let taken = exchange(&scene, other, &ours)?;
    let given = exchange(&scene, &ours, other)?;
    let alone = exchange(&scene, other, other)?;
    println!("{version}: taken {taken:.1?}, given {given:.1?}, it alone {alone:.1?}");
    Ok(())
}

#[test]
fn aria2_and_ours_exchange_a_file() -> Result<()> {
    both_directions(&Aria2)
}

#[test]
fn qbittorrent_and_ours_exchange_a_file() -> Result<()> {
    both_directions(&Qbittorrent)
}

#[test]
fn transmission_and_ours_exchange_a_file() -> Result<()> {
    both_directions(&Transmission)
}
