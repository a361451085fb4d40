//! Every visible sentence of service, terminal and tray, and how numbers are written.
//!
//! One `.ftl` file per area (Project Fluent) in a folder per language; adding a file is enough. The window reads the
//! same folders with its own library; its files are named `ui-*` and, but for the shared
//! `ui-reasons.ftl`, are not built in here. Ids:
//! `error-<code>` and `error-<code>-hint` for every error code, `explain-<code>` and `fix-<code>` for the resolver's
//! explanations, `cause-<code>`, `notice-<code>` and `reason-<code>` for what the local API tells in codes.
//!
//! One function beside Fluent's own: `SIZE($bytes)` writes a number of bytes as [`Messages::size`] does.

mod explain;
mod format;
mod language;
mod pseudo;

use std::{
    borrow::Borrow,
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

pub use explain::Explanation;
pub use language::Language;

mod files {
    include!(concat!(env!("OUT_DIR"), "/files.rs"));
}

type Bundle = FluentBundle<Arc<FluentResource>>;

/// Largest whole number that is passed on as a number, so that its digits stay exact.
const MAX_EXACT: u64 = 1 << 53;

/// Sentences in one language; what it lacks comes in English.
#[derive(Clone)]
pub struct Messages {
    language: Language,
    bundle: Arc<Bundle>,
    english: Option<Arc<Bundle>>,
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Messages {
    pub fn new(language: Language) -> Self {
        static BUNDLES: LazyLock<[Arc<Bundle>; 4]> =
            LazyLock::new(|| Language::ALL.map(|language| Arc::new(bundle(language))));
        let [english, german, long, right_to_left] = &*BUNDLES;
        let (bundle, english) = match language {
            Language::English => (english, None),
            Language::German => (german, Some(english.clone())),
            Language::PseudoLong => (long, None),
            Language::PseudoRightToLeft => (right_to_left, None),
        };
        Self { language, bundle: bundle.clone(), english }
    }

    /// For a language tag of a setting (`de`, `de-AT`); English for one that is not known.
    pub fn for_tag(tag: &str) -> Self {
        Self::new(Language::from_tag(tag).unwrap_or_default())
    }

    /// For the locale of the environment, which is read by `variable`.
    pub fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        Self::new(Language::from_environment(variable))
    }

    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether there is a message of this id.
    pub fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id) || self.english.as_ref().is_some_and(|english| english.has_message(id))
    }

    /// A message with its values. Whole numbers take part in plural rules. An unknown id is shown as it is.
    pub fn text(&self, id: &str, values: &[(&str, String)]) -> String {
        self.find(id, values).unwrap_or_else(|| id.to_owned())
    }

    /// What happened, for an error code; `fallback` where this version has no sentence for it.
    pub fn error_text<K, V>(&self, code: &str, context: &BTreeMap<K, V>, fallback: &str) -> String
    where
        K: Borrow<str> + Ord,
        V: AsRef<str>,
    {
        self.find(&format!("error-{code}"), &pairs(context)).unwrap_or_else(|| fallback.to_owned())
    }

    /// What is safe and what to do about an error, if there is something to say.
    pub fn hint_text<K, V>(&self, code: &str, context: &BTreeMap<K, V>) -> Option<String>
    where
        K: Borrow<str> + Ord,
        V: AsRef<str>,
    {
        self.find(&format!("error-{code}-hint"), &pairs(context))
    }

    fn find(&self, id: &str, values: &[(&str, String)]) -> Option<String> {
        let bundles = std::iter::once(&self.bundle).chain(&self.english);
        let text = bundles.into_iter().find_map(|bundle| format(bundle, id, values))?;
        Some(pseudo::frame(self.language, text))
    }
}

fn pairs<K: Borrow<str>, V: AsRef<str>>(context: &BTreeMap<K, V>) -> Vec<(&str, String)> {
    context.iter().map(|(name, value)| (name.borrow(), value.as_ref().to_owned())).collect()
}

fn format(bundle: &Bundle, id: &str, values: &[(&str, String)]) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut arguments = FluentArgs::with_capacity(values.len());
    for (name, value) in values {
        arguments.set(*name, value_of(value));
    }
    // A missing value leaves its name in the text: better than no text.
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned())
}

/// Only what would be printed the same is a number: `007` and `1.0` are text.
fn value_of(value: &str) -> FluentValue<'_> {
    match value.parse::<u64>() {
        Ok(number) if number <= MAX_EXACT && number.to_string() == value => FluentValue::from(number as f64),
        _ => FluentValue::from(value),
    }
}

fn bundle(language: Language) -> Bundle {
    let files = match language {
        Language::German => files::DE,
        _ => files::EN,
    };
    let mut bundle = Bundle::new_concurrent(vec![language.identifier()]);
    bundle.set_use_isolating(false);
    bundle.set_transform(pseudo::transform(language));
    if bundle.add_function("SIZE", size_function(language)).is_err() {
        debug_assert!(false, "a new bundle has no functions");
    }
    for (_, text) in files {
        // A file with a mistake gives what it has; a test refuses mistakes.
        let resource = FluentResource::try_new((*text).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(Arc::new(resource));
    }
    bundle
}

/// `SIZE($bytes)`; what is not a number of bytes stays as it is.
fn size_function(
    language: Language,
) -> impl for<'a> Fn(&[FluentValue<'a>], &FluentArgs<'_>) -> FluentValue<'a> + Send + Sync + 'static {
    move |values, _| match values.first() {
        Some(FluentValue::Number(bytes)) => {
            FluentValue::from(format::size(language, bytes.value.max(0.0) as u64))
        }
        Some(FluentValue::String(text)) => match text.parse() {
            Ok(bytes) => FluentValue::from(format::size(language, bytes)),
            Err(_) => FluentValue::from(text.to_string()),
        },
        _ => FluentValue::Error,
    }
}

/// Every built-in message file of a language, for checks: name and text.
pub fn sources(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::German => files::DE,
        _ => files::EN,
    }
}
