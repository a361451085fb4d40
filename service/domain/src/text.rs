//! Text from outside, made safe to show: titles, summaries, reasons.

/// Characters that change how neighbours are shown, or are not seen at all: bidirectional controls, zero-width
/// characters, byte order marks, tags and interlinear marks (Unicode Technical Report 36).
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// One line for people: control and invisible characters removed, white space folded, at most `limit` characters.
pub fn clean_line(text: &str, limit: usize) -> String {
    let visible: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    let mut line: String =
        visible.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(limit).collect();
    // A cut between two words would leave a space that the next cleaning takes away: what was signed would have changed.
    line.truncate(line.trim_end().len());
    line
}

/// Several lines for people: as [`clean_line`], but line breaks stay.
pub fn clean_text(text: &str, limit: usize) -> String {
    text.chars()
        .filter(|c| *c == '\n' || *c == '\t' || (!c.is_control() && !is_invisible(*c)))
        .take(limit)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_what_cannot_be_seen() {
        assert_eq!(clean_line("a\u{202e}b\n\tc\0d  e", 100), "ab c d e");
        assert_eq!(clean_line("Grüße 😀", 5), "Grüße");
        assert_eq!(clean_line("Grüße 😀", 6), "Grüße", "a line that is cut between words is clean, too");
        assert_eq!(clean_text("a\r\nb\u{200b}", 10), "a\nb");
    }
}
