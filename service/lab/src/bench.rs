//! How long answers take: every identifier at several versions of the game.

use std::{
    io::Write,
    time::{Duration, Instant},
};

use crate::{
    failure::Failure,
    questions::{Oracle, Question, Root},
};

/// Asks for every identifier alone at every game version, and prints how long the answers took.
pub(crate) fn run(oracle: &Oracle, games: &[String], output: &mut impl Write) -> Result<(), Failure> {
    let mut times: Vec<(Duration, String)> = Vec::new();
    let (mut solved, mut unknown) = (0, 0);
    for game in games {
        for id in oracle.ids() {
            let name = format!("{id} at {game}");
            let question = Question {
                q: name.clone().into(),
                game: game.clone(),
                roots: vec![Root { id, version: None }],
            };
            let begun = Instant::now();
            let request = oracle.request(&question).map_err(|why| Failure::Line { line: 0, why })?;
            let answer = oracle.resolve(&request);
            times.push((begun.elapsed(), name));
            solved += usize::from(answer.is_ok());
            unknown += usize::from(answer.is_err_and(|explanation| explanation.fact.code == "too-large"));
        }
    }
    times.sort();
    let at = |share: f64| &times[((times.len() - 1) as f64 * share) as usize];
    let mut line = |text: String| writeln!(output, "{text}").map_err(Failure::Write);
    line(format!("questions {}, solved {solved}, given up {unknown}", times.len()))?;
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("worst", 1.0)] {
        let (time, question) = at(share);
        line(format!("{name:6} {:10.3} ms   {question}", time.as_secs_f64() * 1e3))?;
    }
    line(format!("sum    {:10.3} s", times.iter().map(|(time, _)| time.as_secs_f64()).sum::<f64>()))
}
