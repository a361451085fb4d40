//! Content for games, made byte by byte: small, and free of anybody's rights.

use crate::Mod;

/// A NewGRF (container version 1) of nothing but its own description.
///
/// The layout is OpenTTD's: pseudo sprites of length, type 0xFF and data; the first holds the count, the second is
/// action 8: GRF version, id, title, description.
pub fn newgrf(id: [u8; 4], title: &str) -> Vec<u8> {
    let mut description = vec![8, 8];
    description.extend(id);
    description.extend(title.as_bytes());
    description.push(0);
    description.extend(b"Made for a test.\0");
    let mut bytes = Vec::new();
    for sprite in [&1_u32.to_le_bytes()[..], &description] {
        bytes.extend(u16::try_from(sprite.len()).expect("small").to_le_bytes());
        bytes.push(0xff);
        bytes.extend(sprite);
    }
    // The end of the sprites, and room for a checksum that nobody reads.
    bytes.extend([0; 6]);
    bytes
}

/// A WAD that adds to a game's own: a directory of named lumps behind their bytes.
pub fn pwad(lumps: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut data, mut directory): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let number = |value: usize| u32::try_from(value).expect("small").to_le_bytes();
    for (name, bytes) in lumps {
        directory.extend(number(12 + data.len()));
        directory.extend(number(bytes.len()));
        let mut padded = [0; 8];
        padded[..name.len()].copy_from_slice(name.as_bytes());
        directory.extend(padded);
        data.extend(*bytes);
    }
    let mut wad = b"PWAD".to_vec();
    wad.extend(number(lumps.len()));
    wad.extend(number(12 + data.len()));
    wad.extend(data);
    wad.extend(directory);
    wad
}

/// What a script of OpenTTD says about itself.
fn info(base: &str, name: &str, more: &str) -> String {
    format!(
        "class {name}Info extends {base} {{\n\
         \x20 function GetAuthor() {{ return \"test\"; }}\n\
         \x20 function GetName() {{ return \"{name}\"; }}\n\
         \x20 function GetShortName() {{ return \"{}\"; }}\n\
         \x20 function GetDescription() {{ return \"made for a test\"; }}\n\
         \x20 function GetVersion() {{ return 1; }}\n\
         \x20 function GetDate() {{ return \"2026-01-01\"; }}\n\
         \x20 function CreateInstance() {{ return \"{name}\"; }}\n{more}}}\n",
        &name[..4].to_uppercase()
    )
}

const API: &str = "  function GetAPIVersion() { return \"12\"; }\n";
const CATEGORY: &str = "  function GetCategory() { return \"util\"; }\n";

/// A library for computer players of OpenTTD, named by at least four letters.
pub fn ai_library(id: &str, version: &str, name: &str) -> Mod {
    let info = info("AILibrary", name, CATEGORY) + &format!("RegisterLibrary({name}Info());\n");
    let main = format!("class {name} {{ function Greeting() {{ return \"{name} {version}\"; }} }}\n");
    Mod::of_game("openttd", id, version)
        .file("library.nut", info.into_bytes())
        .file("main.nut", main.into_bytes())
}

/// A computer player of OpenTTD that needs a library and says in the log that it has it.
pub fn ai(id: &str, version: &str, name: &str, library: &str) -> Mod {
    let info = info("AIInfo", name, API) + &format!("RegisterAI({name}Info());\n");
    let main = format!(
        "import(\"util.{library}\", \"Library\", 1);\nclass {name} extends AIController {{\n\
         \x20 function Start() {{ AILog.Info(\"{name} {version} has \" + Library.Greeting()); \
         while (true) this.Sleep(50); }}\n}}\n"
    );
    Mod::of_game("openttd", id, version)
        .file(&format!("{name}/info.nut"), info.into_bytes())
        .file(&format!("{name}/main.nut"), main.into_bytes())
}

/// A game script of OpenTTD.
pub fn game_script(id: &str, version: &str, name: &str) -> Mod {
    let info = info("GSInfo", name, API) + &format!("RegisterGS({name}Info());\n");
    let main = format!(
        "class {name} extends GSController {{ function Start() {{ while (true) this.Sleep(50); }} }}\n"
    );
    Mod::of_game("openttd", id, version)
        .file("info.nut", info.into_bytes())
        .file("main.nut", main.into_bytes())
}
