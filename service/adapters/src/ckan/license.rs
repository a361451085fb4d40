//! Licences as CKAN names them: which of them let anybody pass the archive on, and how SPDX writes them.
//!
//! CKAN's own schema lists the ones that grant redistribution. Of several, CKAN says that the user may choose; authors
//! also write the licences of different files so, and therefore all of them must grant it here. Unknown is no.

/// Names whose licence lets anybody pass unchanged copies on; some forbid doing so for money, which nobody does here.
const PASSED_ON: &[&str] = &[
    "Apache",
    "Apache-1.0",
    "Apache-2.0",
    "Artistic",
    "Artistic-1.0",
    "Artistic-2.0",
    "BSD-2-clause",
    "BSD-3-clause",
    "BSD-4-clause",
    "CC0",
    "CDDL",
    "CPL",
    "EFL-1.0",
    "EFL-2.0",
    "Expat",
    "GFDL-1.0",
    "GFDL-1.1",
    "GFDL-1.2",
    "GFDL-1.3",
    "GFDL-NIV-1.0",
    "GFDL-NIV-1.1",
    "GFDL-NIV-1.2",
    "GFDL-NIV-1.3",
    "GPL-1.0",
    "GPL-2.0",
    "GPL-3.0",
    "ISC",
    "LGPL-2.0",
    "LGPL-2.1",
    "LGPL-3.0",
    "LPPL-1.0",
    "LPPL-1.1",
    "LPPL-1.2",
    "LPPL-1.3c",
    "MIT",
    "MPL-1.1",
    "MPL-2.0",
    "Perl",
    "Python-2.0",
    "QPL-1.0",
    "Unlicense",
    "W3C",
    "WTFPL",
    "Zlib",
    "Zope",
    "open-source",
    "public-domain",
    "unrestricted",
];

/// Versions of Creative Commons' licences; absent where the author named none.
const CC_VERSIONS: &[&str] = &["1.0", "2.0", "2.5", "3.0", "4.0"];

/// Whether an archive with these licences may be passed on unchanged.
pub fn may_pass_on(licenses: &[String]) -> bool {
    !licenses.is_empty() && licenses.iter().all(|name| is_passed_on(name))
}

fn is_passed_on(name: &str) -> bool {
    PASSED_ON.contains(&name) || creative_commons(name).is_some()
}

/// The kind (`BY-NC`) and the version of one of the licences of Creative Commons.
fn creative_commons(name: &str) -> Option<(&str, Option<&str>)> {
    let rest = name.strip_prefix("CC-")?;
    let (kind, version) = match rest.rsplit_once('-') {
        Some((kind, version)) if CC_VERSIONS.contains(&version) => (kind, Some(version)),
        _ => (rest, None),
    };
    let kinds = ["BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-NC-ND", "BY-ND"];
    kinds.contains(&kind).then_some((kind, version))
}

/// The licences as an SPDX expression; names that SPDX does not have become references of their own.
pub fn spdx(licenses: &[String]) -> Option<String> {
    let names: Vec<String> = licenses.iter().map(|name| spdx_name(name)).collect();
    (!names.is_empty()).then(|| names.join(" OR "))
}

fn spdx_name(name: &str) -> String {
    match name {
        "Expat" => return "MIT".into(),
        "CC0" => return "CC0-1.0".into(),
        "BSD-2-clause" => return "BSD-2-Clause".into(),
        "BSD-3-clause" => return "BSD-3-Clause".into(),
        "BSD-4-clause" => return "BSD-4-Clause".into(),
        "CDDL" => return "CDDL-1.0".into(),
        "CPL" => return "CPL-1.0".into(),
        "Ms-PL" => return "MS-PL".into(),
        "Ms-RL" => return "MS-RL".into(),
        _ => {}
    }
    let has_version = name.bytes().any(|b| b.is_ascii_digit());
    let is_of_spdx = matches!(name, "MIT" | "ISC" | "Unlicense" | "W3C" | "WTFPL" | "Zlib")
        || (has_version && !name.starts_with("GFDL-NIV") && !name.starts_with("GFDL-1.0"));
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    let text: String = name.chars().map(plain).collect();
    if is_of_spdx && text == name { text } else { format!("LicenseRef-{text}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn only_what_every_licence_grants_is_passed_on() {
        for (names, allowed) in [
            (&["MIT"][..], true),
            (&["CC-BY-NC-SA-4.0"], true),
            (&["CC-BY-NC-ND"], true),
            (&["CC-BY-7.0"], false),
            (&["GPL-2.0", "MIT"], true),
            (&["GPL-2.0", "restricted"], false),
            (&["restricted"], false),
            (&["unknown"], false),
            (&["AFL-3.0"], false),
            (&["AGPL-3.0"], false),
            (&["mit"], false),
            (&["something new"], false),
            (&[], false),
        ] {
            assert_eq!(may_pass_on(&list(names)), allowed, "{names:?}");
        }
    }

    #[test]
    fn licences_are_written_as_spdx_writes_them() {
        for (names, text) in [
            (&["GPL-3.0"][..], "GPL-3.0"),
            (&["BSD-2-clause", "Expat"], "BSD-2-Clause OR MIT"),
            (&["CC-BY-SA"], "LicenseRef-CC-BY-SA"),
            (&["CC0"], "CC0-1.0"),
            (&["restricted"], "LicenseRef-restricted"),
            (&["a) OR MIT"], "LicenseRef-a--OR-MIT"),
        ] {
            assert_eq!(spdx(&list(names)).as_deref(), Some(text));
        }
        assert_eq!(spdx(&[]), None);
    }
}
