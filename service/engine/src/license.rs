//! Whether an archive may be passed on (`product.md` §6): the publisher said so, or the licence does. Unknown is no.

use muster_domain::Redistribution;
use spdx::{Expression, LicenseItem, LicenseReq, ParseMode};

/// Longer texts are no expression that a person wrote.
const MAX_EXPRESSION: usize = 1024;

/// Licences under which anybody may pass unchanged copies on, for whatever purpose. Old and new spellings of the same
/// licence stand side by side, because packages of foreign sources use both.
const FREE: &[&str] = &[
    "0BSD",
    "AGPL-3.0",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-4-Clause",
    "BSL-1.0",
    "CC-BY-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-1.0",
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "EUPL-1.2",
    "GFDL-1.3-only",
    "GFDL-1.3-or-later",
    "GPL-2.0",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "LGPL-2.1",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unlicense",
    "WTFPL",
    "Zlib",
];

/// Names from the list of SPDX only, in their exact spelling; withdrawn ones mean what they always meant.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// Whether a release may be passed on.
pub(crate) fn may_pass_on(redistribute: Redistribution, license: Option<&str>) -> bool {
    match redistribute {
        Redistribution::Yes => true,
        Redistribution::No => false,
        Redistribution::ByLicense => license.is_some_and(is_free),
    }
}

/// Whether an SPDX expression leaves a way on which every licence is free.
fn is_free(expression: &str) -> bool {
    if expression.len() > MAX_EXPRESSION {
        return false;
    }
    Expression::parse_mode(expression, MODE).is_ok_and(|parsed| parsed.evaluate(allows_copies))
}

/// One licence, with what is added to it: exceptions of SPDX's list only permit more, others may say anything.
fn allows_copies(required: &LicenseReq) -> bool {
    let is_known = required.addition.as_ref().is_none_or(|addition| addition.id().is_some());
    let LicenseItem::Spdx { id, .. } = &required.license else { return false };
    is_known && FREE.contains(&id.name)
}

#[cfg(test)]
mod tests {
    use Redistribution::{ByLicense, No, Yes};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_what_somebody_allowed_is_passed_on() {
        for (redistribute, license, allowed) in [
            (Yes, None, true),
            (Yes, Some("LicenseRef-mine"), true),
            (No, Some("MIT"), false),
            (No, None, false),
            (ByLicense, None, false),
            (ByLicense, Some("MIT"), true),
        ] {
            assert_eq!(may_pass_on(redistribute, license), allowed, "{redistribute:?} {license:?}");
        }
    }

    #[test]
    fn a_licence_is_read_as_spdx_reads_it() {
        for (license, allowed) in [
            ("LicenseRef-mine", false),
            ("MIT OR LicenseRef-mine", true),
            ("MIT AND LicenseRef-mine", false),
            ("MIT AND CC-BY-SA-4.0", true),
            ("MIT AND (Apache-2.0 OR LicenseRef-mine)", true),
            ("(MIT AND LicenseRef-mine) OR (CC-BY-NC-4.0 AND MIT)", false),
            // AND binds closer than OR.
            ("LicenseRef-mine AND MIT OR Zlib", true),
            ("LicenseRef-mine AND (MIT OR Zlib)", false),
            ("GPL-3.0-or-later WITH Font-exception-2.0", true),
            ("GPL-3.0-or-later WITH AdditionRef-no-sharing", false),
            ("CC-BY-NC-4.0 WITH Font-exception-2.0", false),
            ("GPL-3.0", true),
            ("GPL-2.0+", true),
            ("LGPL-2.1+", true),
            ("Apache-2.0+", true),
            ("CC-BY-NC-4.0", false),
            ("CC-BY-ND-4.0", false),
            ("DocumentRef-other:LicenseRef-MIT", false),
            ("mit", false),
            ("MIT/Apache-2.0", false),
            ("MIT, Zlib", false),
            ("MIT OR", false),
            ("OR MIT", false),
            ("(MIT", false),
            ("", false),
            ("   ", false),
            ("NONE", false),
            ("NOASSERTION", false),
            ("All rights reserved", false),
        ] {
            assert_eq!(is_free(license), allowed, "{license:?}");
        }
        assert!(!is_free(&"(".repeat(MAX_EXPRESSION)), "depth does no harm");
        assert!(!is_free(&["MIT"; 400].join(" OR ")), "longer than anybody writes");
    }

    #[test]
    fn every_free_licence_is_one_of_spdx() {
        for name in FREE {
            assert_eq!(spdx::license_id(name).map(|id| id.name), Some(*name));
            assert!(is_free(name), "{name}");
        }
        assert!(FREE.is_sorted());
    }

    proptest! {
        #[test]
        fn whatever_is_added_with_and_never_permits_more(
            first in prop::sample::select(vec!["MIT", "Zlib", "CC-BY-NC-4.0", "LicenseRef-x", "GPL-3.0-only"]),
            second in prop::sample::select(vec!["MIT", "Zlib", "CC-BY-NC-4.0", "LicenseRef-x", "GPL-3.0-only"]),
        ) {
            let both = is_free(&format!("{first} AND {second}"));
            let either = is_free(&format!("{first} OR {second}"));
            prop_assert_eq!(both, is_free(first) && is_free(second));
            prop_assert_eq!(either, is_free(first) || is_free(second));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,200}") {
            let _ = is_free(&text);
        }
    }
}
