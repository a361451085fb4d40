//! Text for searching: folded and split into words. Pure.

use icu_normalizer::DecomposingNormalizerBorrowed;

/// Longest word that is kept; the rest of it is cut.
const MAX_WORD: usize = 40;

/// Lower case without diacritics, words separated by single spaces: `Größe—Straße №2` becomes `grosse strasse no2`.
///
/// Letters of scripts without spaces between words (Chinese, Japanese) become words of one letter each.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut length = 0;
    let lower = DecomposingNormalizerBorrowed::new_nfkd().normalize(text).to_lowercase();
    for c in DecomposingNormalizerBorrowed::new_nfkd().normalize(&lower).chars() {
        if is_mark(c) {
            continue;
        }
        let single = is_word_by_itself(c);
        if !c.is_alphanumeric() || single {
            length = 0;
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
            if single {
                folded.push(c);
                folded.push(' ');
            }
            continue;
        }
        length += 1;
        if length <= MAX_WORD {
            push_letter(&mut folded, c);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The same text as people write it who have no umlauts on their keyboard (`Groesse` for `Größe`), where it is another
/// one.
pub fn without_umlauts(text: &str) -> Option<String> {
    // Composed, whether the letter and its dots came as one character or as two.
    let composed = icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let is_umlaut = |c: char| matches!(c, 'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü');
    composed.contains(is_umlaut).then(|| {
        let mut written = String::with_capacity(composed.len() + 8);
        for c in composed.chars() {
            match c {
                'ä' | 'Ä' => written.push_str("ae"),
                'ö' | 'Ö' => written.push_str("oe"),
                'ü' | 'Ü' => written.push_str("ue"),
                c => written.push(c),
            }
        }
        written
    })
}

/// Letters that no normal form decomposes, as people without that letter on the keyboard type them.
fn push_letter(folded: &mut String, c: char) {
    match c {
        'ß' => folded.push_str("ss"),
        'æ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'ø' => folded.push('o'),
        'đ' | 'ð' => folded.push('d'),
        'ł' => folded.push('l'),
        'þ' => folded.push_str("th"),
        'ı' => folded.push('i'),
        c => folded.push(c),
    }
}

/// Combining marks of the scripts where they are left out in searching.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{3099}' | '\u{309a}' | '\u{fe20}'..='\u{fe2f}')
}

/// Kana and ideographs.
fn is_word_by_itself(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folding_forgives_case_marks_and_ligatures() {
        assert_eq!(fold("Größe—Straße  №2"), "grosse strasse no2");
        assert_eq!(fold("ĐÀ Łódź Æther ﬁne İstanbul"), "da lodz aether fine istanbul");
        assert_eq!(fold("天気 mod"), "天 気 mod");
        assert_eq!(fold("compass-rose_hud"), "compass rose hud");
        assert_eq!(fold(" \u{202e}!?"), "");
    }

    proptest! {
        #[test]
        fn folding_is_total_stable_and_plain(text in "\\PC{0,60}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(!folded.contains("  ") && folded.trim() == folded);
            prop_assert!(folded.chars().all(|c| c == ' ' || c.is_ascii_alphanumeric() || !c.is_ascii()));
        }
    }
}
