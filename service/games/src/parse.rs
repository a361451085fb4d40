//! YAML in, a checked definition out. The text may come from a package: budgets first, then meaning.

use serde::{Deserialize, de::DeserializeOwned};

use crate::{Definition, DefinitionProblem, FORMAT, GameError, Vectors, check::check};

/// Largest definition or vectors file, in bytes.
const MAX_TEXT: usize = 256 * 1024;

/// Reads a definition; `name` says which one in errors.
///
/// # Errors
/// [`GameError::Definition`] for anything that is not exactly the format, [`GameError::Format`] for a later one.
pub fn parse_definition(name: &str, text: &str) -> Result<Definition, GameError> {
    #[derive(Deserialize)]
    struct Header {
        format: u32,
    }
    let header: Header = read(name, text)?;
    if header.format != FORMAT {
        return Err(GameError::Format { name: name.to_owned(), format: header.format });
    }
    let definition: Definition = read(name, text)?;
    check(&definition).map_err(|problem| GameError::Definition { name: name.to_owned(), problem })?;
    Ok(definition)
}

/// Reads the test vectors of a definition.
///
/// # Errors
/// [`GameError::Definition`] for anything that is not exactly the format.
pub fn parse_vectors(name: &str, text: &str) -> Result<Vectors, GameError> {
    read(name, text)
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, GameError> {
    let refuse = |problem| GameError::Definition { name: name.to_owned(), problem };
    if text.len() > MAX_TEXT {
        return Err(refuse(DefinitionProblem::Limit { at: "file".into(), most: MAX_TEXT }));
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_documents: 1,
            max_depth: 16,
            max_events: 50_000,
            max_nodes: 20_000,
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
            max_total_scalar_bytes: MAX_TEXT,
        },
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| refuse(DefinitionProblem::Syntax { why: error.to_string() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "format: 1\nid: toy\ntitle: Toy\nroots: { user: { linux: ['{home}/toy'] } }\n\
        places: { mods: { root: user, path: mods } }\ninstall: []\n";

    fn refusal(more: &str) -> String {
        parse_definition("toy", &format!("{SMALL}{more}")).expect_err(more).to_string()
    }

    #[test]
    fn reads_the_smallest_definition() {
        let toy = parse_definition("toy", SMALL).expect("reads");
        assert_eq!(toy.links.len(), 3);
        assert!(toy.launch.is_empty());
    }

    #[test]
    fn refuses_other_formats_and_unknown_fields() {
        let other = SMALL.replace("format: 1", "format: 9");
        assert!(matches!(parse_definition("toy", &other), Err(GameError::Format { format: 9, .. })));
        refusal("surprise: 1\n");
        refusal("title: Again\n");
        refusal("anchors: &a [x]\nflatpak: *a\n");
    }

    /// T-81: nothing a definition says leads out of its places.
    #[test]
    fn refuses_paths_out_of_place() {
        for path in ["../x", "/abs", "a/../../b", "C:/x", "~~1/x/PROGRA~1"] {
            let text = SMALL.replace("path: mods", &format!("path: '{path}'"));
            assert!(parse_definition("toy", &text).is_err(), "{path}");
        }
        for to in ["../x", "/x", "a/../b", "$HOME", "~/x", "x*"] {
            let rule = format!("- files: {{ glob: '*', place: mods, to: '{to}' }}\n");
            let text = SMALL.replace("install: []\n", &format!("install:\n{rule}"));
            let accepted = parse_definition("toy", &text);
            // `$` and `~` are plain characters of a file name here: nothing expands them.
            assert_eq!(accepted.is_ok(), to == "$HOME" || to == "~/x", "{to}");
        }
        let text = SMALL.replace("install: []", "install: [{ files: { glob: '../*', place: mods } }]");
        assert!(parse_definition("toy", &text).is_err());
        let text = SMALL.replace("install: []", "install: [{ files: { glob: '*', place: elsewhere } }]");
        assert!(parse_definition("toy", &text).is_err());
    }

    #[test]
    fn refuses_launches_that_reach_further_than_the_game() {
        let programs = "native: [{ systems: [linux], programs: { client: [toy] }, folders: ['{path}'] }]\n";
        let with = |launch: &str| {
            parse_definition("toy", &format!("{SMALL}{programs}launch: {{ play: {launch} }}\n"))
        };
        assert!(with("{ program: client, args: [--x] }").is_ok());
        assert!(with("{ program: other }").is_err());
        assert!(with("{ program: client, args: ['{shell}'] }").is_err());
        assert!(with("{ program: client, args: ['{place:nowhere}'] }").is_err());
        assert!(with("{ program: client, env: { LD_PRELOAD: x } }").is_err());
        let path = SMALL.to_owned() + &programs.replace("[toy]", "['../toy']");
        assert!(parse_definition("toy", &path).is_err());
    }

    #[test]
    fn refuses_what_is_too_large() {
        let text = format!("{SMALL}also-called: [{}]\n", "x, ".repeat(100_000));
        assert!(parse_definition("toy", &text).is_err());
        let deep = format!("{SMALL}also-called: {}{}\n", "[".repeat(500), "]".repeat(500));
        assert!(parse_definition("toy", &deep).is_err());
    }
}
