//! Bencoding (BEP 3) from strangers: trackers' answers and DHT messages, as a borrowed tree.
//!
//! Total and bounded: no input makes it recurse deeper, keep more values or read a number other than it is. It is
//! forgiving where clients of the world are sloppy (order of keys, bytes after the end), because nothing is hashed here.

/// Deepest nesting; answers of trackers and nodes need four.
const MAX_DEPTH: u32 = 8;
/// Most values in one text: 200 peers as dictionaries of three keys.
const MAX_VALUES: usize = 4_096;

/// One bencoded value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    List(Vec<Value<'a>>),
    Dictionary(Vec<(&'a [u8], Value<'a>)>),
}

impl<'a> Value<'a> {
    /// The value that a text begins with, or `None` if it is none or too large.
    pub fn parse(text: &'a [u8]) -> Option<Self> {
        Reader { rest: text, left: MAX_VALUES }.value(0)
    }

    /// What a dictionary holds under a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Dictionary(pairs) => {
                pairs.iter().find(|(name, _)| *name == key.as_bytes()).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    pub fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(values) => Some(values),
            _ => None,
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    /// How many values may still come.
    left: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<Value<'a>> {
        self.left = self.left.checked_sub(1)?;
        if depth > MAX_DEPTH {
            return None;
        }
        match self.rest.first()? {
            b'i' => {
                self.skip(1);
                self.number(b'e').map(Value::Integer)
            }
            b'l' => {
                self.skip(1);
                let mut values = vec![];
                while !self.is_end()? {
                    values.push(self.value(depth + 1)?);
                }
                Some(Value::List(values))
            }
            b'd' => {
                self.skip(1);
                let mut pairs = vec![];
                while !self.is_end()? {
                    pairs.push((self.string()?, self.value(depth + 1)?));
                }
                Some(Value::Dictionary(pairs))
            }
            _ => self.string().map(Value::Bytes),
        }
    }

    /// Takes the end of a list or dictionary, if it is there.
    fn is_end(&mut self) -> Option<bool> {
        let is_end = *self.rest.first()? == b'e';
        if is_end {
            self.skip(1);
        }
        Some(is_end)
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number(b':')?).ok()?;
        let (string, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(string)
    }

    /// Digits and what ends them. 20 characters hold every number there is.
    fn number(&mut self, end: u8) -> Option<i64> {
        let length = self.rest.iter().take(21).position(|byte| *byte == end)?;
        let digits = std::str::from_utf8(&self.rest[..length]).ok()?;
        let is_plain = !digits.starts_with('+') && (end == b'e' || !digits.starts_with('-'));
        let number = digits.parse().ok().filter(|_| is_plain)?;
        self.skip(length + 1);
        Some(number)
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn write(value: &Value<'_>, to: &mut Vec<u8>) {
        match value {
            Value::Integer(integer) => to.extend(format!("i{integer}e").bytes()),
            Value::Bytes(bytes) => {
                to.extend(format!("{}:", bytes.len()).bytes());
                to.extend(*bytes);
            }
            Value::List(values) => {
                to.push(b'l');
                values.iter().for_each(|value| write(value, to));
                to.push(b'e');
            }
            Value::Dictionary(pairs) => {
                to.push(b'd');
                for (key, value) in pairs {
                    write(&Value::Bytes(key), to);
                    write(value, to);
                }
                to.push(b'e');
            }
        }
    }

    fn value() -> impl Strategy<Value = Value<'static>> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::Integer),
            prop::sample::select(vec![&b""[..], b"peers", b"\xff\x00"]).prop_map(Value::Bytes),
        ];
        leaf.prop_recursive(4, 64, 6, |inner| {
            let key = prop::sample::select(vec![&b"a"[..], b"interval", b""]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                prop::collection::vec((key, inner), 0..6).prop_map(Value::Dictionary),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(value in value()) {
            let mut text = vec![];
            write(&value, &mut text);
            prop_assert_eq!(Value::parse(&text), Some(value));
        }

        #[test]
        fn no_text_makes_it_panic(text in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Value::parse(&text);
        }

        #[test]
        fn no_nearly_right_text_makes_it_panic(text in "[dile0-9:e-]{0,200}") {
            let _ = Value::parse(text.as_bytes());
        }
    }

    #[test]
    fn bombs_are_refused() {
        for text in [
            "l".repeat(100_000),
            "d1:a".repeat(100_000),
            format!("l{}e", "i1e".repeat(5_000)),
            "99999999999999999999:".to_owned(),
            "9223372036854775807:a".to_owned(),
            "i99999999999999999999e".to_owned(),
            "i+1e".to_owned(),
            "-1:a".to_owned(),
            "d1:a".to_owned(),
            String::new(),
        ] {
            assert_eq!(Value::parse(text.as_bytes()), None, "{}", &text[..text.len().min(30)]);
        }
    }
}
