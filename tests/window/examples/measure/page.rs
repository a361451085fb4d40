//! What the page does on the player's keys and clicks, measured inside of it.

use std::{
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use muster_suite::figures::{line, percentile, row};
use muster_window_suite::{Driver, Key, eventually};
use serde_json::Value;

use crate::{bare::Bare, cost, world::Prepared};

/// After which memory is looked at.
const SETTLED: Duration = Duration::from_secs(5);

/// What a player types, letter by letter.
const TYPED: [&str; 6] = ["engine", "parts pack", "orbital", "scanner", "lights", "rover wheels"];

/// Records, for each key or click, the time until `WATCHED` changed and a frame was drawn after it. The second timer starts
/// once the frame's callbacks are over: what they changed is painted then.
const RECORDER: &str = "const watched = document.querySelector(SELECTOR); \
    window.measured = { at: 0, spent: [] }; \
    const start = () => { measured.at = performance.now(); }; \
    addEventListener('keydown', start, true); addEventListener('click', start, true); \
    new MutationObserver((changes) => { \
        if (measured.at === 0 || !changes.some(COUNTS)) return; \
        const at = measured.at; measured.at = 0; \
        requestAnimationFrame(() => setTimeout(() => measured.spent.push(performance.now() - at), 0)); \
    }).observe(watched, { subtree: true, childList: true, characterData: true, attributes: ATTRIBUTES });";

/// How long the main thread kept others waiting: a timer that should have come after 4 ms.
const LAGS: &str = "window.lags = []; let last = performance.now(); \
    setInterval(() => { const now = performance.now(); lags.push(now - last - 4); last = now; }, 4);";

/// Scrolls 120 frames and gives the time of each.
const SCROLL: &str = "window.frames = null; const list = document.querySelector(SELECTOR); list.scrollTop = 0; (async () => { \
    const spent = []; let last = performance.now(); let blank = 0; \
    for (let i = 0; i < 120; i += 1) { list.scrollTop += 700; await new Promise(requestAnimationFrame); \
    const now = performance.now(); spent.push(now - last); last = now; } \
    window.frames = spent; })();";

/// Goes from place to place by the rail; until the page shows another title, and a frame was drawn.
const PLACES: &str = "window.switched = null; (async () => { const spent = []; \
    for (let round = 0; round < 6; round += 1) for (const place of ['/downloads', '/sources', '/settings', '/seeding', '/activity', '/profile', '/browse']) { \
    const before = document.querySelector('main h1')?.textContent; \
    const link = document.querySelector(`nav a[href*=\"${place}\"]`); const at = performance.now(); link.click(); \
    while (document.querySelector('main h1')?.textContent === before || (document.querySelector('main')?.textContent ?? '').length < 20) await new Promise((next) => setTimeout(next, 0)); \
    await new Promise(requestAnimationFrame); await new Promise((next) => setTimeout(next, 0)); \
    spent.push(performance.now() - at); await new Promise((next) => setTimeout(next, 200)); } \
    window.switched = spent; })();";

/// Runs what it is given, and keeps in `took` when a frame was drawn after it and when every mark of an unconfirmed switch
/// was gone; nothing where there was no such mark.
const TOGGLED: &str = "window.toggled = async (what) => { window.took = null; const at = performance.now(); what(); \
    await new Promise(requestAnimationFrame); await new Promise((next) => setTimeout(next, 0)); const drawn = performance.now() - at; \
    if (document.querySelector('main .pending') === null) { window.took = []; return; } \
    while (document.querySelector('main .pending') !== null) await new Promise((next) => setTimeout(next, 2)); \
    window.took = [drawn, performance.now() - at]; };";

pub fn run(prepared: &Prepared) {
    let stage = prepared.stage();
    let window = stage.window();
    window.find("//*[@role='row'][contains(@data-key, 'tester/')]");
    window.resize(1280, 800);
    window.run(LAGS);
    search(&window);
    facets(&window);
    let ours = scroll(&window, "[role=grid]");
    row("scroll the list of all packages, a frame of 700 px", &ours, "ms");
    bare(prepared, &ours);
    window.run(PLACES);
    row(
        "switch place, until its title and content are painted (goal: p95 100)",
        &wait(&window, "switched"),
        "ms",
    );
    toggle(&window);
    let lags = numbers(&window.run("return lags"));
    row("a timer of 4 ms comes late during all of it", &lags, "ms");
    line(
        "  share of p99, longest (goal: p99 50, none over 100)",
        format!("{:.1} ms, {:.1} ms", percentile(&lags, 0.99), percentile(&lags, 1.0)),
    );
    calls(prepared);
    std::thread::sleep(SETTLED);
    let ours = prepared.window();
    let (all, own) = (cost::memory(&ours), cost::own(&ours));
    line("memory after the tour, all its processes; in no file", format!("{all:.0} MB; {own:.0} MB"));
    close(prepared, window);
    bare_memory(prepared);
}

fn search(window: &Driver) {
    window.click("//nav//a[contains(@href, '/browse')]");
    window.press(&[Key::Character('/')]);
    window.type_text("game:ksp ");
    std::thread::sleep(Duration::from_secs(2));
    record(window, "main [role=grid]", "() => true", false);
    for text in TYPED {
        for letter in text.chars() {
            window.press(&[Key::Character(letter)]);
            std::thread::sleep(Duration::from_millis(250));
        }
        // All of it is taken away at once, as a player does who looks for something else.
        window.press(&[Key::Control, Key::Character('a')]);
        std::thread::sleep(Duration::from_millis(100));
    }
    row("key press to results painted, 100,000 packages (goal: p95 100)", &recorded(window), "ms");
}

fn facets(window: &Driver) {
    window.run("document.querySelector('[role=searchbox]').select()");
    window.type_text("e");
    std::thread::sleep(Duration::from_millis(500));
    // At this width each facet is a button with a list under it, and the list stays open while one chooses.
    window.click("//main//*[contains(@class, 'filters')]//button[@aria-expanded='false']");
    window.find("//main//*[contains(@class, 'panel')]//li//button");
    record(
        window,
        "main",
        "(change) => change.type === 'characterData' && change.target.parentElement?.closest('.panel .number') !== null",
        false,
    );
    for turn in 0..24 {
        // Two values in turns, each from off to included to excluded: the search changes at each click.
        window.run(&format!(
            "const values = [...document.querySelectorAll('main .panel li button')]; values[{} % values.length].click()",
            turn / 3 % 2
        ));
        std::thread::sleep(Duration::from_millis(400));
    }
    row("facet to its new counts painted (goal: p95 150)", &recorded(window), "ms");
    window.press(&[Key::Escape]);
    window.run("document.querySelector('.filters .clear')?.click()");
    std::thread::sleep(Duration::from_millis(500));
}

fn scroll(window: &Driver, list: &str) -> Vec<f64> {
    window.run(&SCROLL.replace("SELECTOR", &format!("'{list}'")));
    wait(window, "frames")
}

/// The same list in a bare window.
fn bare(prepared: &Prepared, ours: &[f64]) {
    let Some((_bare, window)) = bare_window(prepared) else { return };
    let theirs = scroll(&window, "#list");
    row("  bare window with fixed rows", &theirs, "ms");
    let ratio = percentile(ours, 0.95) / percentile(&theirs, 0.95).max(0.1);
    line("  ratio of the p95 (goal: 2)", format!("{ratio:.2} x"));
}

/// What a bare window has after the same scrolling. Alone, as ours was: two windows share the engine's files, and each would
/// seem half as large.
fn bare_memory(prepared: &Prepared) {
    let Some((bare, window)) = bare_window(prepared) else { return };
    scroll(&window, "#list");
    std::thread::sleep(SETTLED);
    let processes = bare.processes();
    let engine: Vec<_> = processes.into_iter().filter(|process| process.name != "WebKitWebDriver").collect();
    let (all, own) = (cost::memory(&engine), cost::own(&engine));
    line("  bare window after scrolling (goal: 60 less)", format!("{all:.0} MB; {own:.0} MB"));
}

fn bare_window(prepared: &Prepared) -> Option<(Bare, Driver)> {
    let stage = prepared.stage();
    let bare = Bare::new(stage.world.path())?;
    let window =
        Driver::start(&stage.desktop, bare.program(), &["--automation"], |command| bare.mark(command));
    window.open(&bare.address());
    window.resize(1280, 800);
    Some((bare, window))
}

fn toggle(window: &Driver) {
    window.click("//nav//a[contains(@href, '/profile')]");
    window.find("//main//*[@role='row']//input[@type='checkbox']");
    std::thread::sleep(Duration::from_secs(1));
    window.run(TOGGLED);
    let first = "document.querySelector('main [role=row] input[type=checkbox]').click()";
    let (shown, confirmed) = toggled(window, first, 16);
    row("a mod of 500 on or off: on screen (goal: the next frame)", &shown, "ms");
    row("  confirmed by the service, files in place (goal: p95 300)", &confirmed, "ms");
    window.click("//main//*[@role='row'][contains(@data-key, 'tester/')]");
    window.press(&[Key::Control, Key::Character('a')]);
    let all = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }))";
    let (shown, confirmed) = toggled(window, all, 4);
    row("all 500 on or off in one step: on screen", &shown, "ms");
    row("  confirmed by the service, files in place", &confirmed, "ms");
}

/// Does something some times; gives the milliseconds until a frame shows it, and until nothing of it is unconfirmed.
fn toggled(window: &Driver, what: &str, times: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut shown, mut confirmed) = (Vec::new(), Vec::new());
    for _ in 0..times {
        window.run(&format!("toggled(() => {{ {what} }})"));
        if let [drawn, sure] = wait(window, "took")[..] {
            shown.push(drawn);
            confirmed.push(sure);
        }
        std::thread::sleep(Duration::from_millis(300));
    }
    (shown, confirmed)
}

/// What the service itself needs for 200 rows: nothing of this program's work is in it.
fn calls(prepared: &Prepared) {
    let socket = prepared.stage().world.socket();
    let mut spent = Vec::new();
    for number in 0..100 {
        let word = ["engine", "parts", "orbital", "lights"][number % 4];
        let request = format!(
            "GET /v1/packages?q=game:ksp%20{word}&limit=200 HTTP/1.1\r\nHost: muster\r\nConnection: close\r\n\r\n"
        );
        let began = Instant::now();
        let mut link = UnixStream::connect(&socket).expect("the service listens");
        link.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        link.read_to_end(&mut answer).expect("it answers");
        spent.push(began.elapsed().as_secs_f64() * 1000.0);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
    row("a call of 200 rows, over the socket (goal: p95 10)", &spent, "ms");
}

fn close(prepared: &Prepared, window: Driver) {
    let began = Instant::now();
    prepared.stage().desktop.close_window("^Muster$");
    eventually("the end of the engine", Duration::from_secs(30), || {
        prepared.window().iter().all(|process| !process.name.starts_with("WebKitWebPro")).then_some(())
    });
    line("close to the last web process gone (goal: 2 s)", format!("{:.2} s", began.elapsed().as_secs_f64()));
    drop(window);
}

fn record(window: &Driver, selector: &str, counts: &str, attributes: bool) {
    let script = RECORDER
        .replace("SELECTOR", &format!("'{selector}'"))
        .replace("COUNTS", counts)
        .replace("ATTRIBUTES", if attributes { "true" } else { "false" });
    window.run(&script);
}

fn recorded(window: &Driver) -> Vec<f64> {
    numbers(&window.run("return measured.spent"))
}

/// Waits for a list of numbers that the page works out.
pub fn wait(window: &Driver, name: &str) -> Vec<f64> {
    numbers(&eventually(name, Duration::from_secs(120), || {
        let value = window.run(&format!("return window.{name}"));
        (!value.is_null()).then_some(value)
    }))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}
