//! Fields that may be of another type than expected: whoever adds one must not cost a package.

use serde::{Deserialize, Deserializer, de::IgnoredAny};

#[derive(Deserialize)]
#[serde(untagged)]
enum Maybe<T> {
    Is(T),
    Other(IgnoredAny),
}

impl<T> Maybe<T> {
    fn value(self) -> Option<T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Other(IgnoredAny) => None,
        }
    }
}

/// The value, or nothing where the field holds something else.
pub(crate) fn optional<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(Maybe::deserialize(deserializer)?.value())
}

/// The entries of a list that are of the expected type, or `None` for one that is not.
pub(crate) fn entries<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Option<T>>, D::Error> {
    let entries = Vec::<Maybe<T>>::deserialize(deserializer)?;
    Ok(entries.into_iter().map(Maybe::value).collect())
}
