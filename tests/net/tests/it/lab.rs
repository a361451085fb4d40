//! The lab itself: lines carry what they were given, and nothing is seen that was not there.
#![allow(clippy::unwrap_used)]

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::{Duration, Instant},
};

use anyhow::Result;
use muster_net_lab::{
    Access, Capture, DelayLine, Host, Lab, Line, Namespace, Realm, Stretch, capture::Depth, delay::Ends,
};

const PORT: u16 = 7_000;

/// Takes one connection and reads it to its end.
fn sink(space: &Namespace) -> Result<std::thread::JoinHandle<u64>> {
    let listener = space.enter(|| TcpListener::bind(("0.0.0.0", PORT)))??;
    Ok(std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut part, mut sum) = (vec![0; 1 << 16], 0);
        loop {
            match stream.read(&mut part).unwrap() {
                0 => return sum,
                length => sum += length as u64,
            }
        }
    }))
}

fn send(space: &Namespace, to: SocketAddr, bytes: usize) -> Result<()> {
    let mut stream = space.enter(|| TcpStream::connect(to))??;
    stream.write_all(&vec![7; bytes])?;
    Ok(())
}

fn pair(up: Option<Line>) -> Result<(Lab, Host, Host)> {
    let lab = Lab::new(Realm::Internet)?;
    let one = lab.host("one", Access { up, down: None })?;
    let other = lab.host("other", Access::FAST)?;
    Ok((lab, one, other))
}

#[test]
fn a_shaped_line_carries_what_it_was_given_and_a_capture_sees_every_byte() -> Result<()> {
    needs_lab!();
    let line = Line::mbit(20);
    let (_lab, one, other) = pair(Some(line))?;
    let sink = sink(&other.space)?;
    let capture = Capture::start(&other, Depth::Headers)?;
    send(&one.space, other.at(PORT), 4_000_000)?;
    assert_eq!(sink.join().unwrap(), 4_000_000);

    let tally = capture.finish()?.to(other.address);
    assert_eq!(tally.payload(), 4_000_000);
    let took = (tally.0.last().unwrap().at - tally.0[0].at).as_secs_f64();
    let share = tally.payload() as f64 / took / line.payload_rate();
    println!("{share:.3} of the rate");
    assert!((0.85..1.03).contains(&share), "{share} of the rate");
    let window = tally.worst_window(Duration::from_millis(100)) as f64 / (line.payload_rate() / 10.0);
    assert!(window < 1.15, "{window} of the rate in 100 ms");
    Ok(())
}

#[test]
fn a_long_line_delays_limits_and_loses_as_it_was_told() -> Result<()> {
    needs_lab!();
    let (left, right) = (Namespace::new("left")?, Namespace::new("right")?);
    let ends = Ends { left: Ipv4Addr::new(11, 8, 0, 1), right: Ipv4Addr::new(11, 8, 0, 2) };
    let stretch = Stretch { loss: 0.01, ..Stretch::mbit(20, 15) };
    let line = DelayLine::connect((&left, &right), "far0", ends, (stretch, Stretch::mbit(20, 15)))?;
    let sink = sink(&right)?;
    let to = SocketAddr::new(ends.right.into(), PORT);
    let began = Instant::now();
    let mut stream = left.enter(|| TcpStream::connect(to))??;
    let greeting = began.elapsed();
    assert!(greeting >= Duration::from_millis(30), "there and back in {greeting:?}");
    stream.write_all(&vec![7; 1_500_000])?;
    drop(stream);
    assert_eq!(sink.join().unwrap(), 1_500_000);
    let took = began.elapsed().as_secs_f64();
    println!("greeting {greeting:?}, {took:.2} s, {} lost", line.lost());
    assert!(took >= 1_500_000.0 * 8.0 / 20e6, "faster than the line: {took} s");
    assert!(line.lost() > 0, "one in a hundred is lost");
    Ok(())
}

#[test]
fn a_router_translates_and_lets_nobody_in() -> Result<()> {
    needs_lab!();
    let lab = Lab::new(Realm::Internet)?;
    let outside = lab.host("outside", Access::FAST)?;
    let (inside, router) = lab.host_behind_router("inside", Access::FAST)?;
    let listener = outside.space.enter(|| TcpListener::bind(("0.0.0.0", PORT)))??;
    let to = outside.at(PORT);
    let stream = inside.space.enter(|| TcpStream::connect(to))??;
    let (_, from) = listener.accept()?;
    assert_eq!(from.ip(), inside.address, "it is seen as its router");
    assert_eq!(stream.local_addr()?.ip(), Ipv4Addr::new(192, 168, 1, 2));

    let _open = inside.space.enter(|| TcpListener::bind(("0.0.0.0", PORT)))??;
    let to = inside.at(PORT);
    let knocking = outside.space.enter(|| TcpStream::connect_timeout(&to, Duration::from_millis(500)))?;
    assert!(knocking.is_err());
    drop(router);
    Ok(())
}
