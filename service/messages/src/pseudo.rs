//! The pseudo-languages, made from English text as it is shown.

use std::borrow::Cow;

use crate::Language;

/// What is done to every piece of text between values.
pub(crate) fn transform(language: Language) -> Option<fn(&str) -> Cow<'_, str>> {
    match language {
        Language::PseudoLong => Some(lengthen),
        Language::PseudoRightToLeft => Some(mirror),
        Language::English | Language::German => None,
    }
}

/// What is put around a whole message.
pub(crate) fn frame(language: Language, text: String) -> String {
    match language {
        Language::PseudoLong => format!("⟦{text}⟧"),
        _ => text,
    }
}

/// Accents every letter that has an accented form and doubles vowels: about 40 % longer, still readable.
fn lengthen(text: &str) -> Cow<'_, str> {
    const ACCENTED: [(char, char); 16] = [
        ('a', 'á'),
        ('c', 'ç'),
        ('d', 'ð'),
        ('e', 'é'),
        ('i', 'í'),
        ('n', 'ñ'),
        ('o', 'ö'),
        ('s', 'š'),
        ('u', 'ü'),
        ('y', 'ý'),
        ('A', 'Å'),
        ('E', 'É'),
        ('I', 'Î'),
        ('O', 'Ø'),
        ('S', 'Š'),
        ('U', 'Û'),
    ];
    let mut long = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        let accented =
            ACCENTED.iter().find(|(plain, _)| *plain == letter).map_or(letter, |(_, accented)| *accented);
        long.push(accented);
        if matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u') {
            long.push(accented);
        }
    }
    Cow::Owned(long)
}

/// Turns words around by a right-to-left override (Unicode Annex 9), so that layout in the other direction shows.
fn mirror(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_alphabetic) {
        Cow::Owned(format!("\u{202e}{text}\u{202c}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudo_text_is_longer_and_keeps_its_words() {
        let text = "Downloading the package from several players";
        let long = lengthen(text);
        let ratio = long.chars().count() as f64 / text.chars().count() as f64;
        assert!((1.25..1.6).contains(&ratio), "{ratio}: {long}");
        assert_eq!(long.split(' ').count(), text.split(' ').count());
        assert_eq!(mirror(" · "), " · ");
    }
}
