//! A WebDriver client for the real window: plain HTTP to `WebKitWebDriver`, which starts the program that it is given and
//! speaks to its pages. Specification: W3C WebDriver, level 2.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{Desktop, eventually, patiently};

/// Longest wait for something that the window should show.
const PATIENCE: Duration = Duration::from_secs(20);
/// Name of an element's reference in JSON (W3C WebDriver, §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A window under control.
pub struct Driver {
    program: Child,
    port: u16,
    session: String,
}

/// Something in the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element(String);

/// Keys without a character (W3C WebDriver, §17.4.2).
#[derive(Clone, Copy, Debug)]
pub enum Key {
    Tab,
    Enter,
    Escape,
    Down,
    Up,
    Alt,
    Control,
    Shift,
    /// Any other, as itself.
    Character(char),
}

impl Key {
    fn text(self) -> String {
        match self {
            Self::Tab => '\u{E004}',
            Self::Enter => '\u{E007}',
            Self::Escape => '\u{E00C}',
            Self::Down => '\u{E015}',
            Self::Up => '\u{E013}',
            Self::Alt => '\u{E00A}',
            Self::Control => '\u{E009}',
            Self::Shift => '\u{E008}',
            Self::Character(character) => character,
        }
        .to_string()
    }
}

impl Driver {
    /// Starts a program on a desktop and takes its window. The program may be another one that ends up as the window
    /// (`xdg-open`). `prepare` sets the environment.
    pub fn start(
        desktop: &Desktop,
        program: &Path,
        arguments: &[&str],
        prepare: impl FnOnce(&mut Command),
    ) -> Self {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        prepare(&mut command);
        desktop.dress(&mut command);
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut driver = Self { program: command.spawn().expect("it starts"), port, session: String::new() };
        eventually("WebKitWebDriver", PATIENCE, || driver.try_call("GET", "/status", None).ok());
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let session = driver.try_call("POST", "/session", Some(wanted)).expect("the window opens");
        driver.session = format!("/session/{}", session["sessionId"].as_str().expect("a session"));
        driver
    }

    /// Goes to an address, as whoever types it would; for windows that show more than one page.
    pub fn open(&self, address: &str) {
        self.call("POST", "/url", json!({ "url": address }));
    }

    /// The first visible element that an XPath finds, waited for.
    pub fn find(&self, path: &str) -> Element {
        patiently(PATIENCE, || self.look(path)).unwrap_or_else(|| self.miss(path))
    }

    /// The same, without waiting.
    pub fn look(&self, path: &str) -> Option<Element> {
        let found = self.call("POST", "/elements", json!({ "using": "xpath", "value": path }));
        let found =
            found.as_array()?.iter().filter_map(|item| Some(Element(item[ELEMENT].as_str()?.to_owned())));
        found.into_iter().find(|element| {
            let shown =
                self.try_call("GET", &format!("{}/element/{}/displayed", self.session, element.0), None);
            shown.is_ok_and(|shown| shown == json!(true))
        })
    }

    /// Waits until an XPath finds nothing visible.
    pub fn gone(&self, path: &str) {
        patiently(PATIENCE, || self.look(path).is_none().then_some(())).unwrap_or_else(|| self.miss(path));
    }

    fn miss<T>(&self, path: &str) -> T {
        panic!("waited in vain for {path}; the window shows:\n{}\n{}", self.place(), self.text());
    }

    /// Clicks the first visible element that an XPath finds, as a mouse does: in its middle, if nothing lies over it.
    pub fn click(&self, path: &str) {
        // A row that is drawn again between finding and clicking is looked for again.
        let clicked = patiently(PATIENCE, || {
            let element = self.look(path)?;
            let address = format!("{}/element/{}/click", self.session, element.0);
            self.try_call("POST", &address, Some(json!({}))).ok()
        });
        clicked.unwrap_or_else(|| self.miss(path));
    }

    /// Types text into an element.
    pub fn type_into(&self, path: &str, text: &str) {
        let element = self.find(path);
        self.call("POST", &format!("/element/{}/value", element.0), json!({ "text": text }));
    }

    /// Presses keys together, in this order, and lets them go.
    pub fn press(&self, keys: &[Key]) {
        let down = keys.iter().map(|key| json!({ "type": "keyDown", "value": key.text() }));
        let up = keys.iter().rev().map(|key| json!({ "type": "keyUp", "value": key.text() }));
        let actions: Vec<Value> = down.chain(up).collect();
        self.call(
            "POST",
            "/actions",
            json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] }),
        );
    }

    /// Types text with the keyboard, wherever the focus is.
    pub fn type_text(&self, text: &str) {
        text.chars().for_each(|character| self.press(&[Key::Character(character)]));
    }

    /// Drags one thing onto another with the mouse, `above` its middle by this many pixels.
    pub fn drag(&self, from: &str, to: &str, above: i64) {
        let (from, to) = (self.find(from), self.find(to));
        let over = |element: &Element, y: i64| json!({ "type": "pointerMove", "duration": 100, "origin": { ELEMENT: element.0 }, "x": 0, "y": y });
        let [down, up] = ["pointerDown", "pointerUp"].map(|kind| json!({ "type": kind, "button": 0 }));
        let actions = [over(&from, 0), down, over(&from, -12), over(&to, 0), over(&to, -above), up];
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions });
        self.call("POST", "/actions", json!({ "actions": [mouse] }));
    }

    /// Runs a function body in the page.
    pub fn run(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", json!({ "script": script, "args": [] }))
    }

    /// Everything the page says, for messages.
    pub fn text(&self) -> String {
        let body = json!({ "script": "return document.body.innerText", "args": [] });
        let answer = self.try_call("POST", &format!("{}/execute/sync", self.session), Some(body));
        answer.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Path of the place that is shown.
    pub fn place(&self) -> String {
        self.run("return location.pathname + location.search").as_str().unwrap_or_default().to_owned()
    }

    /// Makes the page this large, whatever the frame around it takes.
    pub fn resize(&self, width: u32, height: u32) {
        for _ in 0..4 {
            let rect = self.call("GET", "/window/rect", Value::Null);
            let inside = self.run("return [innerWidth, innerHeight]");
            let frame = |name: &str, at: usize| {
                rect[name].as_i64().unwrap_or_default() - inside[at].as_i64().unwrap_or_default()
            };
            let wanted = (i64::from(width) + frame("width", 0), i64::from(height) + frame("height", 1));
            self.call(
                "POST",
                "/window/rect",
                json!({ "x": 10, "y": 10, "width": wanted.0, "height": wanted.1 }),
            );
            std::thread::sleep(Duration::from_millis(300));
            if self.run("return [innerWidth, innerHeight]") == json!([width, height]) {
                return;
            }
        }
        panic!(
            "the window does not become {width} by {height}: {}",
            self.run("return [innerWidth, innerHeight]")
        );
    }

    fn call(&self, method: &str, address: &str, body: Value) -> Value {
        let body = (method == "POST").then_some(body);
        match self.try_call(method, &format!("{}{address}", self.session), body) {
            Ok(value) => value,
            Err(error) => panic!("{method} {address}: {error}"),
        }
    }

    fn try_call(&self, method: &str, address: &str, body: Option<Value>) -> Result<Value, String> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let failed = |error: std::io::Error| error.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(failed)?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).map_err(failed)?;
        write!(
            stream,
            "{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .map_err(failed)?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).map_err(failed)?;
        let split = reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").ok_or("no HTTP")?;
        let reply: Value = serde_json::from_slice(&reply[split + 4..]).map_err(|error| error.to_string())?;
        match reply["value"]["error"].as_str() {
            None => Ok(reply["value"].clone()),
            Some(code) => Err(format!("{code}: {}", reply["value"]["message"])),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ends the window that the session started; one that was closed already is no error.
        let _ = self.try_call("DELETE", &self.session, None);
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
