//! Descriptions from strangers, as HTML that is safe to place (`security.md` §5, T-92).
//!
//! Markdown is turned into HTML without raw HTML, then everything passes a sanitizer with a list of what may stay.
//! Pictures stay out: the service will fetch them itself once it can bound and re-encode them.

use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};
use comrak::{Options, markdown_to_html};
use muster_domain::clean_text;

/// Longest description that is shown, in characters.
const MAX_TEXT: usize = 100_000;

/// Elements that may stay; their content is text.
const TAGS: &[&str] = &[
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "a",
];

/// Markdown as safe HTML; headings begin at `h3`, because the page has its own above.
pub fn markdown(text: &str) -> String {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.escape = true;
    let html = markdown_to_html(&clean_text(text, MAX_TEXT), &options);
    sanitize(&lower_headings(&html))
}

/// `h1` becomes `h3`, and so on. Works on what comrak wrote, where raw HTML is escaped already.
fn lower_headings(html: &str) -> String {
    let mut lowered = html.to_owned();
    for level in (1..=6).rev() {
        let to = (level + 2).min(6);
        lowered = lowered.replace(&format!("<h{level}>"), &format!("<h{to}>"));
        lowered = lowered.replace(&format!("</h{level}>"), &format!("</h{to}>"));
    }
    lowered
}

fn sanitize(html: &str) -> String {
    Builder::empty()
        .tags(HashSet::from_iter(TAGS.iter().copied()))
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"])), ("ol", HashSet::from(["start"]))]))
        .url_schemes(HashSet::from(["https"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .clean(html)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_markdown_is_shown() {
        let html = markdown(
            "# Glow\n\nA *lantern*. See [the page](https://mods.example/x).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |",
        );
        assert!(html.contains("<h3>Glow</h3>"), "{html}");
        assert!(html.contains("<em>lantern</em>"));
        assert!(
            html.contains(
                r#"<a href="https://mods.example/x" rel="noopener noreferrer nofollow">the page</a>"#
            ),
            "{html}"
        );
        assert!(html.contains("<td>1</td>"));
    }

    /// T-92
    #[test]
    fn nothing_that_acts_or_calls_home_is_left() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![picture](https://tracker.example/p.png)",
            "[x](javascript:alert(1))",
            "[x](data:text/html,hi)",
            "[x](file:///etc/passwd)",
            "[x](muster://package/a/b1/c1)",
            "[x](//evil.example/)",
            "[x](relative/path)",
            "[x](http://plain.example/)",
            "<iframe src=https://x.example></iframe>",
            "<svg><a xlink:href=\"javascript:alert(1)\">x</a></svg>",
            "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
            "<form action=https://x.example><input></form>",
            "<base href=https://x.example><meta http-equiv=refresh content=0>",
            "<div style=\"position:fixed;inset:0\">x</div>",
            "<a href=\"https://x.example\" onclick=alert(1) id=a class=b style=c>x</a>",
            "a\u{202e}b",
        ] {
            let html = markdown(text);
            for bad in
                ["<script", "<img", "<svg", "<iframe", "<form", "<base", "<meta", "<div", "<style", "<math"]
            {
                assert!(!html.contains(bad), "{text} gave {html}");
            }
            for bad in [
                "href=\"javascript",
                "href=\"data",
                "href=\"file",
                "href=\"muster",
                "href=\"//",
                "href=\"rel",
                "href=\"http:",
            ] {
                // What is escaped is text, whatever it says: only what stands in tags acts.
                let mut tags = html.split('<').skip(1).filter_map(|rest| rest.split('>').next());
                assert!(tags.all(|tag| !tag.contains(bad)), "{text} gave {html}");
            }
            assert!(!html.contains('\u{202e}'));
        }
    }
}
