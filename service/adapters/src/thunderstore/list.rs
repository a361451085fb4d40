//! Lists of packages, whole or in pieces. Nothing is believed of their length or depth.

use muster_domain::clean_line;
use url::Url;

use crate::{Error, Result};

/// Most pieces of one list.
pub const MAX_PIECES: usize = 2_000;
/// Deepest nesting of a package; the service's has four.
const MAX_DEPTH: usize = 32;

/// The entries of a JSON list, each as it is written: they are told apart, not read. What is no list, or ends early, is
/// refused as a whole, because nobody can say what is missing.
///
/// # Errors
/// [`Error::Syntax`].
pub fn elements(list: &[u8]) -> Result<Vec<&[u8]>> {
    let refuse = |why: &str| Err(Error::Syntax { why: why.to_owned() });
    let text = list.trim_ascii();
    let Some(inside) = text.strip_prefix(b"[") else { return refuse("it is no list") };
    let (mut found, mut begin, mut depth, mut in_text, mut escaped) = (Vec::new(), 0, 0_usize, false, false);
    for (at, byte) in inside.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' if depth == MAX_DEPTH => return refuse("it is nested too deeply"),
            b'[' | b'{' => depth += 1,
            b']' if depth == 0 => {
                let last = inside[begin..at].trim_ascii();
                if at + 1 != inside.len() {
                    return refuse("more follows behind the list");
                }
                match (last.is_empty(), found.is_empty()) {
                    (false, _) => found.push(last),
                    (true, true) => {}
                    (true, false) => return refuse("an entry is missing"),
                }
                return Ok(found);
            }
            b']' | b'}' if depth == 0 => return refuse("a bracket too many"),
            b']' | b'}' => depth -= 1,
            b',' if depth == 0 => {
                match inside[begin..at].trim_ascii() {
                    [] => return refuse("an entry is missing"),
                    entry => found.push(entry),
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
    refuse("it ends early")
}

/// The addresses of the pieces of a list.
///
/// # Errors
/// [`Error::Syntax`] for what is no list of web addresses, [`Error::TooLarge`] for too many.
pub fn pieces(index: &[u8]) -> Result<Vec<Url>> {
    let texts: Vec<String> = serde_json::from_slice(index)
        .map_err(|error| Error::Syntax { why: clean_line(&error.to_string(), 200) })?;
    if texts.len() > MAX_PIECES {
        return Err(Error::TooLarge { limit: MAX_PIECES });
    }
    let address = |text: &String| match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && text.len() <= 2_048 => Ok(url),
        _ => Err(Error::Syntax { why: format!("{:?} is no web address", clean_line(text, 80)) }),
    };
    texts.iter().map(address).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn texts(list: &str) -> Result<Vec<String>> {
        Ok(elements(list.as_bytes())?.into_iter().map(|e| String::from_utf8_lossy(e).into_owned()).collect())
    }

    #[test]
    fn entries_are_told_apart_whatever_they_hold() {
        assert_eq!(texts(" [ ] ").expect("empty"), Vec::<String>::new());
        assert_eq!(
            texts(r#"[{"a": "],[\"}"}, [1, 2] , 3]"#).expect("list"),
            [r#"{"a": "],[\"}"}"#, "[1, 2]", "3"]
        );
    }

    #[test]
    fn half_a_list_is_none() {
        for bad in ["", "{}", "[", "[1", "[1,", "[1,]", "[,1]", "[1]]", "[1] 2", "[\"a]", "<html>", "[}]"] {
            assert!(texts(bad).is_err(), "{bad}");
        }
        assert!(texts(&"[".repeat(10_000)).is_err());
    }

    #[test]
    fn pieces_are_web_addresses() {
        let found = pieces(br#"["https://a.example/1.gz", "http://a.example/2"]"#).expect("pieces");
        assert_eq!(found.len(), 2);
        for bad in [&br#"["file:///etc/passwd"]"#[..], b"[1]", b"{}", b"[\"x\"]", b"[\"https://a"] {
            assert!(pieces(bad).is_err());
        }
        let many = serde_json::to_vec(&vec!["https://a.example/"; MAX_PIECES + 1]).expect("text");
        assert!(matches!(pieces(&many), Err(Error::TooLarge { .. })));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            r#"[a-z\[\]{},"\\ ]{0,8}"#.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(r#"[a-z"\[]{0,4}"#, inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_list_is_split_where_a_reader_of_json_splits_it(list in prop::collection::vec(value(), 0..6)) {
            let text = serde_json::to_string_pretty(&list).expect("text");
            let read: Vec<Value> = elements(text.as_bytes()).expect("a list").into_iter()
                .map(|entry| serde_json::from_slice(entry).expect("a value")).collect();
            prop_assert_eq!(read, list);
            for end in 0..text.len() {
                prop_assert!(elements(&text.as_bytes()[..end]).is_err());
            }
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = elements(&bytes);
            let _ = pieces(&bytes);
        }
    }
}
