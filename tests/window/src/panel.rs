//! The desktop's panel, which shows the tray icon: a host for StatusNotifierItem that tests can look at.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::{Desktop, eventually};

/// Debian's own interpreter, the one that its packages `python3-dbus` and `python3-gi` are for.
const PYTHON: &str = "/usr/bin/python3";
const PATIENCE: Duration = Duration::from_secs(15);

/// One entry of the icon's menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuEntry {
    pub id: i64,
    pub label: String,
    pub enabled: bool,
}

/// A running panel.
pub struct Panel {
    program: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Panel {
    /// Whether panels can be had here; prints why not.
    pub fn is_possible() -> bool {
        let check = Command::new(PYTHON).args(["-c", "import dbus, gi"]).stderr(Stdio::null()).status();
        let possible = check.is_ok_and(|status| status.success());
        if !possible {
            println!("skipped: this test needs the Debian packages python3, python3-dbus, python3-gi");
        }
        possible
    }

    /// Starts a panel on a desktop.
    pub fn start(desktop: &Desktop) -> Self {
        let mut command = Command::new(PYTHON);
        desktop.dress(&mut command);
        command.args(["-c", include_str!("panel.py")]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().expect("python3 starts");
        let input = program.stdin.take().expect("a pipe");
        let output = BufReader::new(program.stdout.take().expect("a pipe"));
        let mut panel = Self { program, input, output };
        assert_eq!(panel.read(), "ready");
        panel
    }

    /// What the newest icon says about itself, waited for.
    pub fn icon(&mut self) -> Value {
        eventually("the tray icon", PATIENCE, || Some(self.ask("icon")).filter(Value::is_object))
    }

    /// Whether an icon is shown now.
    pub fn shows_icon(&mut self) -> bool {
        self.ask("icon").is_object()
    }

    /// The icon's menu.
    pub fn menu(&mut self) -> Vec<MenuEntry> {
        let entries = self.ask("menu");
        let entries = entries.as_array().into_iter().flatten();
        entries
            .map(|entry| MenuEntry {
                id: entry["id"].as_i64().expect("a number"),
                label: entry["label"].as_str().expect("text").to_owned(),
                enabled: entry["enabled"].as_bool().expect("yes or no"),
            })
            .collect()
    }

    /// Activates the entry of this label, waited for.
    pub fn choose(&mut self, label: &str) {
        let entry = eventually(&format!("the entry {label}"), PATIENCE, || {
            self.menu().into_iter().find(|entry| entry.label == label && entry.enabled)
        });
        assert_eq!(self.ask(&format!("click {}", entry.id)), true);
    }

    fn ask(&mut self, command: &str) -> Value {
        writeln!(self.input, "{command}").expect("the panel listens");
        self.read()
    }

    fn read(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("an answer");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the panel says: {line}"))
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
