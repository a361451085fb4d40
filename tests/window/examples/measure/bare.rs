//! The bare window: WebKitGTK's own `MiniBrowser` with a page of fixed rows, nothing behind it.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use muster_window_suite::{Desktop, Process, processes_with};

/// The variable that marks its processes.
const MARK: &str = "MUSTER_BARE_WINDOW";

/// Where Debian and Fedora put it.
const PLACES: [&str; 3] = [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
];

/// The program and a page for it.
pub struct Bare {
    program: PathBuf,
    page: PathBuf,
}

/// One that runs; it ends with the value.
pub struct Running {
    child: Child,
    page: PathBuf,
}

impl Bare {
    /// `None`, with a printed reason, where there is no such program.
    pub fn new(folder: &Path) -> Option<Self> {
        let Some(program) = PLACES.iter().map(PathBuf::from).find(|path| path.is_file()) else {
            println!("there is no MiniBrowser here: no bare window beside ours");
            return None;
        };
        let page = folder.join("bare.html");
        std::fs::write(&page, rows()).expect("a page");
        Some(Self { program, page })
    }

    /// The program, for a driver.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Address of its page.
    pub fn address(&self) -> String {
        format!("file://{}", self.page.display())
    }

    /// Marks a command, so that its processes can be found.
    pub fn mark(&self, command: &mut Command) {
        command.env(MARK, &self.page).env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }

    /// Everything of it that runs.
    pub fn processes(&self) -> Vec<Process> {
        processes_with(MARK, &self.page)
    }

    /// Starts it with its page.
    pub fn start(&self, desktop: &Desktop) -> Running {
        let mut command = Command::new(&self.program);
        desktop.dress(&mut command);
        self.mark(&mut command);
        command.args(["--geometry=1280x800", "--private"]).arg(self.address());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Running { child: command.spawn().expect("it starts"), page: self.page.clone() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        processes_with(MARK, &self.page).iter().for_each(Process::kill);
    }
}

/// A page of 100,000 fixed rows, of which those in sight are in the page: as little as a list can do.
fn rows() -> String {
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>Bare</title><style>body{margin:0;font:14px sans-serif}\
         #list{height:100vh;overflow:auto;position:relative}#all{height:4400000px}\
         .row{position:absolute;left:0;right:0;height:44px;line-height:44px;padding:0 16px}</style>\
         <div id=list><div id=all></div></div><script>const list=document.getElementById('list'),",
    );
    let _ = write!(
        page,
        "rows=[...Array(30)].map(()=>{{const row=document.createElement('div');row.className='row';list.append(row);return row}});\
         function draw(){{const first=Math.floor(list.scrollTop/44);rows.forEach((row,i)=>{{row.style.top=(first+i)*44+'px';\
         row.textContent='Package '+(first+i)+' of many, with a line of text that tells what it adds'}})}}\
         list.onscroll=draw;draw()</script>"
    );
    page
}
