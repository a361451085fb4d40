//! Whether an answer still has the shape in which it is read, field by field. Pure.
//!
//! What is expected is derived from the very types that read the answers (as JSON Schema, draft 2020-12), so that it
//! cannot say something else than they do.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};

/// Deepest nesting that is looked at.
const MAX_DEPTH: usize = 16;
/// Most fields that are told of.
const MAX_FIELDS: usize = 500;
/// Longest name of a field that is told, in characters.
const MAX_NAME: usize = 60;

/// In a schema of ours: other names under which a field is read, too.
const ALIASES: &str = "aliases";

/// What became of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// It must be there and is not: what it belongs to cannot be used.
    Missing,
    /// It must be there and is of another type: what it belongs to cannot be used.
    Broken,
    /// It may be absent and is of another type: what it says is lost.
    Differs,
    /// It may be absent, and no answer that was looked at has it.
    Unseen,
    /// The answer has it and nothing here reads it.
    Unread,
    /// As expected.
    Same,
}

/// One field, over all values of an answer that could have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Names from the outside in, separated by full stops; `[]` stands for every entry of a list. Empty for the answer
    /// itself.
    pub path: String,
    pub finding: Finding,
    /// What is expected, as JSON calls it; empty for what nothing reads.
    pub expected: String,
    /// What was found, as JSON calls it.
    pub found: String,
    /// How many values it concerns, and how many could have the field.
    pub count: u64,
    pub of: u64,
}

/// The shape of an answer.
#[derive(Clone, Debug)]
pub struct Shape(Value);

#[derive(Default)]
struct Tally {
    needed: bool,
    expected: String,
    is_known: bool,
    of: u64,
    absent: u64,
    fitting: u64,
    /// Of another type than expected.
    other: u64,
    types: BTreeSet<&'static str>,
}

impl Shape {
    /// The shape that this type reads.
    pub(crate) fn of<T: JsonSchema>() -> Self {
        let generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
        Self(generator.into_root_schema_for::<T>().to_value())
    }

    /// Holds an answer against it. Fields come with the worst first; those that are as expected come last.
    pub fn compare(&self, answer: &Value) -> Vec<Field> {
        let mut tallies = BTreeMap::new();
        self.walk((&self.0, true), (Some(answer), String::new()), &mut tallies, 0);
        let mut fields: Vec<Field> = tallies.into_iter().map(|(path, tally)| tally.field(path)).collect();
        fields.sort_by(|a, b| (a.finding, &a.path).cmp(&(b.finding, &b.path)));
        fields.truncate(MAX_FIELDS);
        fields
    }

    fn walk(
        &self,
        (schema, needed): (&Value, bool),
        (value, path): (Option<&Value>, String),
        tallies: &mut BTreeMap<String, Tally>,
        depth: usize,
    ) {
        let branches = self.branches(schema, 0);
        let is_optional = !needed || branches.iter().any(|branch| allows_null(branch));
        let tally = tallies.entry(path.clone()).or_default();
        tally.is_known = true;
        tally.needed |= !is_optional;
        tally.of += 1;
        if tally.expected.is_empty() {
            tally.expected = names(&branches);
        }
        let Some(value) = value.filter(|value| !(value.is_null() && is_optional)) else {
            tally.absent += 1;
            return;
        };
        tally.types.insert(name_of(value));
        // Anything will do where nothing is said.
        let fitting = branches.iter().find(|branch| fits(branch, value));
        let Some(branch) = fitting else {
            tally.other += 1;
            return;
        };
        tally.fitting += 1;
        if depth == MAX_DEPTH {
            return;
        }
        match (value, branch) {
            (Value::Array(entries), Value::Object(branch)) => {
                let Some(items) = branch.get("items") else { return };
                for entry in entries {
                    self.walk((items, true), (Some(entry), format!("{path}[]")), tallies, depth + 1);
                }
            }
            (Value::Object(found), Value::Object(branch)) => {
                self.members(branch, (found, &path), tallies, depth);
            }
            _ => {}
        }
    }

    fn members(
        &self,
        branch: &Map<String, Value>,
        (found, path): (&Map<String, Value>, &str),
        tallies: &mut BTreeMap<String, Tally>,
        depth: usize,
    ) {
        // A table of any names.
        let Some(Value::Object(properties)) = branch.get("properties") else { return };
        let needed: BTreeSet<&str> = branch
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let below = |name: &str| match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        let mut read = BTreeSet::new();
        for (name, schema) in properties {
            let others =
                schema.get(ALIASES).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let written = others
                .fold(name.as_str(), |name, other| if found.contains_key(other) { other } else { name });
            read.insert(written);
            self.walk(
                (schema, needed.contains(name.as_str())),
                (found.get(written), below(name)),
                tallies,
                depth + 1,
            );
        }
        for (name, value) in found.iter().filter(|(name, _)| !read.contains(name.as_str())) {
            if tallies.len() > 4 * MAX_FIELDS {
                return;
            }
            let tally = tallies.entry(below(&muster_domain::clean_line(name, MAX_NAME))).or_default();
            tally.of += 1;
            tally.fitting += 1;
            tally.types.insert(name_of(value));
        }
    }

    /// The forms that a value may have, references followed.
    fn branches<'a>(&'a self, schema: &'a Value, depth: usize) -> Vec<&'a Value> {
        if depth == MAX_DEPTH {
            return Vec::new();
        }
        let named = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
        if let Some(target) = named.and_then(|pointer| self.0.pointer(pointer)) {
            return self.branches(target, depth + 1);
        }
        let forms = ["anyOf", "oneOf"].iter().find_map(|word| schema.get(word)).and_then(Value::as_array);
        match forms {
            Some(forms) => forms.iter().flat_map(|form| self.branches(form, depth + 1)).collect(),
            None => vec![schema],
        }
    }
}

impl Tally {
    fn field(self, path: String) -> Field {
        let seen = self.of - self.absent;
        let (finding, count) = match self {
            _ if !self.is_known => (Finding::Unread, self.fitting),
            _ if self.needed && self.absent > 0 => (Finding::Missing, self.absent),
            _ if self.other > 0 => (if self.needed { Finding::Broken } else { Finding::Differs }, self.other),
            _ if seen == 0 => (Finding::Unseen, self.absent),
            _ => (Finding::Same, self.fitting),
        };
        let found = self.types.into_iter().collect::<Vec<_>>().join(", ");
        Field { path, finding, expected: self.expected, found, count, of: self.of }
    }
}

/// The type that a form is of, beside `null`; none where anything will do.
fn type_of(form: &Value) -> Option<&str> {
    match form.get("type") {
        Some(Value::String(name)) => Some(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        _ => None,
    }
}

fn allows_null(form: &Value) -> bool {
    let is_null = |name: &Value| name == "null";
    form.get("type")
        .is_some_and(|types| is_null(types) || types.as_array().is_some_and(|t| t.iter().any(is_null)))
}

fn names(branches: &[&Value]) -> String {
    let names: BTreeSet<&str> = branches
        .iter()
        .map(|branch| type_of(branch).unwrap_or("anything"))
        .filter(|name| *name != "null")
        .collect();
    names.into_iter().collect::<Vec<_>>().join(" or ")
}

fn name_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() || number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn fits(form: &Value, value: &Value) -> bool {
    let Some(name) = type_of(form) else { return true };
    let is_whole =
        form.get("minimum").and_then(Value::as_u64).is_none() || value.as_i64().is_none_or(|n| n >= 0);
    (name == name_of(value) && is_whole) || (name == "number" && value.is_number())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::lenient;

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only read")]
    struct Whole {
        id: String,
        entries: Vec<Part>,
        #[serde(default, deserialize_with = "lenient::optional")]
        note: Option<String>,
        names: BTreeMap<String, Value>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only read")]
    struct Part {
        size: u64,
        #[serde(default, deserialize_with = "lenient::optional")]
        inner: Option<Inner>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[allow(dead_code, reason = "only read")]
    struct Inner {
        address: String,
    }

    /// All fields that are not as expected.
    fn told(answer: &Value) -> Vec<(Finding, String, u64)> {
        let fields = Shape::of::<Whole>().compare(answer).into_iter();
        fields.filter(|f| f.finding != Finding::Same).map(|f| (f.finding, f.path, f.count)).collect()
    }

    #[test]
    fn an_answer_as_expected_has_nothing_to_tell() {
        let answer = json!({"id": "a", "entries": [{"size": 1, "inner": {"address": "b"}}, {"size": 2}],
            "note": "n", "names": {"any": 1, "thing": "x"}});
        assert_eq!(told(&answer), []);
        let same = Shape::of::<Whole>().compare(&answer);
        assert!(
            same.iter()
                .any(|field| field.path == "entries[].size" && field.expected == "integer" && field.of == 2)
        );
    }

    #[test]
    fn each_difference_is_told_where_it_is() {
        let answer = json!({"entries": [{"size": "1", "inner": {}}, {"size": -2, "colour": "red"}, {"size": 3}],
            "note": 7, "names": {}, "news": []});
        assert_eq!(
            told(&answer),
            [
                (Finding::Missing, "entries[].inner.address".to_owned(), 1),
                (Finding::Missing, "id".to_owned(), 1),
                (Finding::Broken, "entries[].size".to_owned(), 2),
                (Finding::Differs, "note".to_owned(), 1),
                (Finding::Unread, "entries[].colour".to_owned(), 1),
                (Finding::Unread, "news".to_owned(), 1),
            ]
        );
        assert_eq!(told(&json!([])), [(Finding::Broken, String::new(), 1)]);
        let unseen = json!({"id": "a", "entries": [], "names": {}, "note": null});
        assert_eq!(told(&unseen), [(Finding::Unseen, "note".to_owned(), 1)]);
    }

    fn leaf() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::from),
            any::<u32>().prop_map(Value::from),
            "[a-z]{0,3}".prop_map(Value::from),
            Just(json!({})),
        ]
    }

    /// An object with some of these fields.
    fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
        let fields: Vec<_> = fields
            .into_iter()
            .map(|(name, value)| prop::option::weighted(0.8, value.prop_map(move |v| (name, v))))
            .collect();
        let made = |fields: Vec<Option<(&str, Value)>>| {
            Value::Object(
                fields.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)).collect(),
            )
        };
        fields.prop_map(made).boxed()
    }

    /// Lists stand where lists are expected only: serde takes them for objects, too, which no service means.
    fn answer() -> impl Strategy<Value = Value> {
        let inner = object(vec![("address", leaf().boxed())]);
        let part = object(vec![("size", leaf().boxed()), ("inner", inner), ("new", leaf().boxed())]);
        let entries = prop::collection::vec(part, 0..4).prop_map(Value::from);
        let entries = prop_oneof![4 => entries, 1 => leaf()].boxed();
        let text = prop_oneof![4 => "[a-z]{1,3}".prop_map(Value::from), 1 => leaf()].boxed();
        let names = prop_oneof![4 => Just(json!({"a": 1})), 1 => leaf()].boxed();
        object(vec![("id", text), ("entries", entries), ("note", leaf().boxed()), ("names", names)])
    }

    proptest! {
        /// The judgement agrees with the reader: where nothing is missing or broken, the answer can be read, and the
        /// other way round. A field that may be absent is read or left out as a whole.
        #[test]
        fn what_is_said_to_be_usable_can_be_read(answer in answer()) {
            let hurts = |field: &Field| {
                matches!(field.finding, Finding::Missing | Finding::Broken) && !field.path.contains("inner")
            };
            let is_usable = !Shape::of::<Whole>().compare(&answer).iter().any(hurts);
            prop_assert_eq!(is_usable, serde_json::from_value::<Whole>(answer).is_ok());
        }
    }
}
