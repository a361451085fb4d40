//! Registries and packages made for one test, with the terminal program.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::muster;

/// A package to be made.
#[derive(Clone, Debug)]
pub struct Mod {
    publisher: String,
    name: String,
    version: String,
    /// By the manifest's name of the list.
    relations: BTreeMap<&'static str, Vec<String>>,
    config: Vec<String>,
    after: Vec<String>,
    game: String,
    kind: &'static str,
    changes: String,
    /// Further lines of the manifest.
    lines: Vec<String>,
    /// Lines of a collection's list.
    packages: Vec<String>,
    /// Folder that the files lie in, with a slash behind; empty for games without such folders.
    folder: String,
    files: Vec<(String, Vec<u8>)>,
}

impl Mod {
    /// A Minetest mod with `mod.conf` and `init.lua`; the folder is the name with underscores.
    pub fn new(id: &str, version: &str) -> Self {
        let mut plain = Self::of_game("minetest", id, version);
        let folder = plain.name.replace('-', "_");
        plain.folder = format!("{folder}/");
        let conf = format!("name = {folder}\ndescription = made for a test\n");
        let init = format!("minetest.log(\"action\", \"[{folder}] {version}\")\n");
        plain.file("mod.conf", conf.into_bytes()).file("init.lua", init.into_bytes())
    }

    /// A package for another game, without files.
    pub fn of_game(game: &str, id: &str, version: &str) -> Self {
        let (publisher, name) = id.split_once('/').expect("publisher/name");
        Self {
            publisher: publisher.into(),
            name: name.into(),
            version: version.into(),
            relations: BTreeMap::new(),
            config: Vec::new(),
            after: Vec::new(),
            game: game.into(),
            kind: "mod",
            changes: String::new(),
            lines: Vec::new(),
            packages: Vec::new(),
            folder: String::new(),
            files: Vec::new(),
        }
    }

    /// A collection of these packages, each a line of its list (`package: a/b, version: ^1`).
    pub fn collection(id: &str, version: &str, packages: &[&str]) -> Self {
        let packages = packages.iter().map(|line| (*line).to_owned()).collect();
        Self { kind: "collection", packages, ..Self::of_game("minetest", id, version) }
    }

    /// Adds a file below the mod's folder.
    pub fn file(mut self, path: &str, bytes: Vec<u8>) -> Self {
        self.files.push((format!("{}{path}", self.folder), bytes));
        self
    }

    /// Adds a folder of this machine, under a name of its own.
    pub fn folder(self, name: &str, from: &Path) -> Self {
        let all = crate::files(from).into_iter().filter(|(path, _)| !path.ends_with('/'));
        all.fold(self, |package, (path, content)| package.file(&format!("{name}/{path}"), content.0))
    }

    /// Says what is new in it.
    pub fn changes(mut self, text: &str) -> Self {
        self.changes = text.to_owned();
        self
    }

    /// Is needed on this side only (`client`, `server`).
    pub fn side(self, side: &str) -> Self {
        self.line(&format!("side: {side}"))
    }

    /// Runs on this platform only.
    pub fn on(self, platform: &str) -> Self {
        self.line(&format!("platforms: [{platform}]"))
    }

    /// Adds lines to the manifest.
    pub fn line(mut self, text: &str) -> Self {
        self.lines.push(text.to_owned());
        self
    }

    /// Wants to be loaded after another package, where that is there.
    pub fn after(mut self, id: &str) -> Self {
        self.after.push(id.to_owned());
        self
    }

    /// Adds a file of bytes that cannot be compressed.
    pub fn noise(self, path: &str, size: usize) -> Self {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ size as u64 ^ (path.len() as u64) << 32;
        let mut bytes = Vec::with_capacity(size + 8);
        while bytes.len() < size {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            bytes.extend(state.to_le_bytes());
        }
        bytes.truncate(size);
        self.file(path, bytes)
    }

    /// Adds a file that the player may edit.
    pub fn config(mut self, path: &str, text: &str) -> Self {
        self.config.push(format!("{}/{path}", self.name.replace('-', "_")));
        self.file(path, text.as_bytes().to_vec())
    }

    /// Adds a need.
    pub fn needs(self, id: &str) -> Self {
        self.related("depends", id)
    }

    /// Names another package in one of the manifest's lists: `recommends`, `suggests`, `conflicts` …
    pub fn related(mut self, list: &'static str, id: &str) -> Self {
        self.relations.entry(list).or_default().push(id.to_owned());
        self
    }

    /// The files as they belong into the mods folder.
    pub fn placed(&self) -> Vec<(String, Vec<u8>)> {
        self.files.clone()
    }

    fn write(&self, folder: &Path) {
        for (path, bytes) in &self.files {
            let path = folder.join("files").join(path);
            fs::create_dir_all(path.parent().expect("below files")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        fs::create_dir_all(folder.join("files")).expect("a folder");
        let Self { publisher, name, version, game, kind, .. } = self;
        let mut text = format!(
            "format: 1\nname: {publisher}/{name}\nversion: \"{version}\"\ntitle: {name}\nsummary: Made for a test.\n\
             kind: {kind}\ngames:\n  - {{game: {game}}}\nlicense: MIT\nauthors: [Test]\n"
        );
        for (list, ids) in &self.relations {
            text.push_str(&format!("{list}:\n"));
            ids.iter().for_each(|id| text.push_str(&format!("  - {{package: {id}}}\n")));
        }
        if !self.packages.is_empty() {
            text.push_str("packages:\n");
            self.packages.iter().for_each(|line| text.push_str(&format!("  - {{{line}}}\n")));
        }
        if !self.config.is_empty() {
            text.push_str(&format!("config: {:?}\n", self.config));
        }
        if !self.changes.is_empty() {
            // A JSON text is one of YAML, too.
            let changes = serde_json::Value::from(self.changes.as_str());
            text.push_str(&format!("changes: {changes}\n"));
        }
        self.lines.iter().for_each(|line| text.push_str(&format!("{line}\n")));
        if !self.after.is_empty() {
            text.push_str(&format!("load-after: [{}]\n", self.after.join(", ")));
        }
        fs::write(folder.join("manifest.yaml"), text).expect("a manifest");
    }
}

/// A registry below a folder of the test, with its keys.
pub struct Registry {
    work: PathBuf,
    signing: Vec<String>,
}

impl Registry {
    /// An empty registry, valid for years.
    pub fn new(work: &Path) -> Self {
        Self::signed(work, &["--valid-years", "5"])
    }

    /// The same with these options for whatever signs.
    pub fn signed(work: &Path, signing: &[&str]) -> Self {
        fs::create_dir_all(work.join("keys")).expect("a folder");
        let registry =
            Self { work: work.to_owned(), signing: signing.iter().map(|word| (*word).to_owned()).collect() };
        registry.key("offline");
        registry.key("online");
        registry.sign(
            "init",
            &["--offline-key", &registry.key("offline"), "--online-key", &registry.key("online")],
        );
        registry
    }

    /// Changes the options for whatever signs from now on.
    pub fn sign_with(&mut self, signing: &[&str]) {
        self.signing = signing.iter().map(|word| (*word).to_owned()).collect();
    }

    /// The folder to serve.
    pub fn path(&self) -> PathBuf {
        self.work.join("registry")
    }

    /// Fingerprint of the first root.
    pub fn root(&self) -> String {
        let bytes = fs::read(self.path().join("metadata/1.root.json")).expect("a root");
        sha256(&bytes)
    }

    /// File of a test key, made where it is not there.
    pub fn key(&self, name: &str) -> String {
        let path = self.work.join("keys").join(format!("{name}.key"));
        let path = path.to_str().expect("a path").to_owned();
        if !Path::new(&path).exists() {
            self.run(&["key", "new", &path, "--test-key"]);
        }
        path
    }

    /// The fingerprint of a key.
    pub fn fingerprint(&self, name: &str) -> String {
        let shown = self.run(&["key", "show", &self.key(name), "--json"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        shown["fingerprint"].as_str().expect("a fingerprint").to_owned()
    }

    /// Runs the terminal program, which must succeed.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.try_run(arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "muster {arguments:?}: {out}\n{err}");
        out.into_owned()
    }

    /// Runs the terminal program.
    pub fn try_run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(muster());
        command.env("MUSTER_HOME", self.work.join("home")).env("HOME", &self.work).env("LANG", "C.UTF-8");
        command.args(arguments).output().expect("muster runs")
    }

    fn sign(&self, verb: &str, more: &[&str]) {
        let folder = self.path();
        let mut arguments = vec!["--quiet", "registry", verb, folder.to_str().expect("a path")];
        arguments.extend(self.signing.iter().map(String::as_str));
        arguments.extend(more);
        self.run(&arguments);
    }

    /// Lets a publisher in, with a key of its name.
    pub fn admit(&self, publisher: &str) {
        let (own, offline) = (self.key(publisher), self.key("offline"));
        self.sign("admit", &[publisher, "--publisher-key", &own, "--offline-key", &offline]);
    }

    /// Packs, signs and publishes; everything shows after it.
    pub fn publish(&self, mods: &[Mod]) {
        for package in mods {
            let folder = tempfile::tempdir_in(&self.work).expect("a folder");
            package.write(folder.path());
            let out = folder.path().join("out");
            let from = folder.path().to_str().expect("a path");
            let file = self.run(&["--quiet", "pack", from, "--output", out.to_str().expect("a path")]);
            self.sign("publish", &["--key", &self.key(&package.publisher), file.trim()]);
        }
        self.refresh();
    }

    /// A name that falls into the same shard as another: shards are named by the first byte of the name's hash.
    pub fn neighbour(publisher: &str) -> String {
        let shard = sha256(publisher.as_bytes())[..2].to_owned();
        let mut names = (0..).map(|number| format!("neighbour-{number}"));
        names.find(|name| sha256(name.as_bytes())[..2] == shard).expect("one of some hundred")
    }

    /// Rebuilds the catalogue, snapshot and timestamp.
    pub fn refresh(&self) {
        self.sign("refresh", &["--online-key", &self.key("online")]);
    }

    /// Advises against something, or takes that back.
    pub fn advise(&self, id: &str, what: &[&str]) {
        let online = self.key("online");
        let mut arguments = vec!["--online-key", &online, id];
        arguments.extend(what);
        self.sign("advise", &arguments);
    }

    /// A registry of one publisher, `tester`, with these packages.
    pub fn with(work: &Path, mods: &[Mod]) -> Self {
        let registry = Self::new(work);
        registry.admit("tester");
        registry.publish(mods);
        registry
    }

    /// The archive of a package, as it lies in the registry.
    pub fn archive(&self, file: &str) -> PathBuf {
        self.target(&format!(".{file}"))
    }

    /// The only target whose name ends so.
    pub fn target(&self, end: &str) -> PathBuf {
        let all = crate::files(&self.path());
        let mut found = all.keys().filter(|path| path.starts_with("targets/") && path.ends_with(end));
        let path = found.next().unwrap_or_else(|| panic!("no {end} in {:?}", all.keys()));
        assert_eq!(found.next(), None, "one {end}");
        self.path().join(path)
    }

    /// The newest metadata file of a role.
    pub fn role(&self, role: &str) -> PathBuf {
        let end = format!(".{role}.json");
        let all = crate::files(&self.path().join("metadata"));
        let version =
            |name: &&String| name.strip_suffix(&end).and_then(|version| version.parse::<u32>().ok());
        let newest = all.keys().filter(|name| version(name).is_some()).max_by_key(version);
        self.path().join("metadata").join(newest.unwrap_or_else(|| panic!("no role {role}")))
    }
}

/// SHA-256 of bytes, in lower-case hex.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
