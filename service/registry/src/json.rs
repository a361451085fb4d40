//! The JSON this crate lets in, and the canonical form that signatures cover.
//!
//! The guard runs before anything else looks at foreign bytes: TUF metadata holds no fractions and no repeated keys,
//! so a document with either is not read differently by two parsers but by none.

use std::{collections::HashSet, fmt};

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 64;

/// Why bytes are not JSON as this crate allows it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonError(String);

/// Refuses repeated keys, nesting beyond [`MAX_DEPTH`], a byte order mark, numbers that are not 64-bit integers, lone
/// surrogates and anything after the document. Memory stays within a small multiple of the input.
pub fn check(bytes: &[u8]) -> Result<(), JsonError> {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError("starts with a byte order mark".into()));
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let checked = Guard { depth: 0 }.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    checked.map_err(|error| JsonError(error.to_string()))
}

/// [`check`], then the typed document.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    check(bytes)?;
    serde_json::from_slice(bytes).map_err(|error| JsonError(error.to_string()))
}

/// The OLPC canonical form that TUF signs (specification 1.0.34 §4.2): keys in order of code points, no white space,
/// only `"` and `\` escaped, integers only.
///
/// The result is what is signed, not what is stored: a raw control character inside a string is not valid JSON.
pub fn canonical(value: &Value) -> Result<Vec<u8>, JsonError> {
    let mut out = Vec::new();
    write_canonical(value, &mut out)?;
    Ok(out)
}

fn write_canonical(value: &Value, out: &mut Vec<u8>) -> Result<(), JsonError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Number(number) if number.is_i64() || number.is_u64() => {
            out.extend_from_slice(number.to_string().as_bytes());
        }
        Value::Number(_) => return Err(JsonError("a number is not an integer".into())),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_canonical(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            out.push(b'{');
            for (index, (key, item)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_string(key, out);
                out.push(b':');
                write_canonical(item, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text.as_bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Walks a document without keeping it.
struct Guard {
    depth: usize,
}

impl Guard {
    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("nested more than {MAX_DEPTH} deep")));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Guard {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Guard {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON with integers only")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        Err(E::custom("a number is not a 64-bit integer"))
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        while items.next_element_seed(Guard { depth })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        let mut seen = HashSet::new();
        while let Some(key) = members.next_key::<String>()? {
            if !seen.insert(key) {
                return Err(A::Error::custom("a key is repeated in an object"));
            }
            members.next_value_seed(Guard { depth })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn refuses_what_two_parsers_could_read_differently() {
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        let long = format!("{{\"a\":\"{}\"", "x".repeat(10_000_000));
        let cases: &[&[u8]] = &[
            b"{\"a\":1,\"a\":2}",
            b"{\"a\":{\"b\":1,\"b\":1}}",
            b"{\"a\":1,\"\\u0061\":2}",
            deep.as_bytes(),
            long.as_bytes(),
            b"\xef\xbb\xbf{}",
            b"{\"a\":NaN}",
            b"{\"a\":1e400}",
            b"{\"a\":1.0}",
            b"{\"a\":1e2}",
            b"{\"a\":18446744073709551616}",
            b"{\"a\":\"\\ud800\"}",
            b"{\"a\":\"\xff\"}",
            b"{} {}",
            b"{\"a\":\"line\nbreak\"}",
            b"",
        ];
        for case in cases {
            assert!(check(case).is_err(), "{}", String::from_utf8_lossy(&case[..case.len().min(60)]));
        }
        assert_eq!(check(br#"{"a":[1,-2,true,null,"\u00e9"],"b":{"a":18446744073709551615}}"#), Ok(()));
        let allowed = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert_eq!(check(allowed.as_bytes()), Ok(()));
    }

    #[test]
    fn canonical_form_is_the_one_of_securesystemslib() {
        let value = json!({ "é": "\n\"\\", "z": [3, -1], "a": { "b": null, "a": true } });
        let expected = "{\"a\":{\"a\":true,\"b\":null},\"z\":[3,-1],\"é\":\"\n\\\"\\\\\"}";
        assert_eq!(canonical(&value), Ok(expected.as_bytes().to_vec()));
        assert!(canonical(&json!({ "a": 1.5 })).is_err());
    }

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            "[^\\x00-\\x1f]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[^\\x00-\\x1f]{0,6}", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_form_keeps_the_value_and_is_stable(value in documents()) {
            let bytes = canonical(&value).expect("integers only");
            let again: Value = parse(&bytes).expect("canonical is JSON where no control character is inside");
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(canonical(&again).expect("integers only"), bytes);
        }

        #[test]
        fn the_guard_never_panics_and_agrees_with_the_parser(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if check(&bytes).is_ok() {
                prop_assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
            }
        }
    }
}
