//! The command line of the window, as data. A link is the only thing anybody else can put there, and it stays text until
//! the parser of links has read it (`security.md` T-90, T-91).

use std::ffi::OsString;

/// What the command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// Just the window.
    Window,
    /// The window, and what this unparsed text names.
    Link(String),
    /// Print the version.
    Version,
    /// Print how to use it.
    Help,
    /// Something the window does not know; nothing is done.
    Unknown,
}

/// Shown for `--help`.
pub const USAGE: &str = "Usage: muster-app [muster://…]\n\nOpens the Muster window. A muster:// link opens it on a question about what the link names.\n  --version  print the version\n  --help     print this";

/// Reads the arguments after the program's own name. Total: any input has an answer, and at most one argument is read.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Arguments {
    let mut arguments = arguments.into_iter();
    let Some(first) = arguments.next() else { return Arguments::Window };
    if arguments.next().is_some() {
        return Arguments::Unknown;
    }
    match first.to_str() {
        // A desktop that fills `%u` with nothing may still pass an empty argument.
        Some("") => Arguments::Window,
        Some("--version") => Arguments::Version,
        Some("--help") => Arguments::Help,
        Some(text) if has_our_scheme(text) => Arguments::Link(text.to_owned()),
        _ => Arguments::Unknown,
    }
}

fn has_our_scheme(text: &str) -> bool {
    let scheme = muster_domain::LINK_SCHEME;
    text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        && text[scheme.len()..].starts_with(':')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(arguments: &[&str]) -> Arguments {
        parse(arguments.iter().map(OsString::from))
    }

    #[test]
    fn a_single_link_is_kept_as_text() {
        assert_eq!(parsed(&[]), Arguments::Window);
        assert_eq!(parsed(&[""]), Arguments::Window);
        assert_eq!(parsed(&["--version"]), Arguments::Version);
        for link in ["muster://package/starter/lanterns/glow", "MUSTER://x", "muster:install"] {
            assert_eq!(parsed(&[link]), Arguments::Link(link.into()));
        }
    }

    /// T-91
    #[test]
    fn switches_and_second_arguments_do_nothing() {
        for arguments in [
            &["--config=evil"][..],
            &["--gapplication-service"],
            &["@response-file"],
            &["muster"],
            &["musterx://a"],
            &["/etc/passwd"],
            &["file:///etc/passwd"],
            &["muster://package/a/b/c", "--flag"],
            &["--", "muster://package/a/b/c"],
            &["muster://package/a/b/c", "muster://package/a/b/d"],
        ] {
            assert_eq!(parsed(arguments), Arguments::Unknown, "{arguments:?}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}") {
            parsed(&[&text]);
        }
    }
}
