//! How mods stand to each other.

use super::{Identifier, module::Context, raw::RawRelation};
use crate::{Error, Result};

/// Most relations of one kind of one mod; the real index has at most 82.
const MAX_RELATIONS: usize = 2_000;
/// How deep lists of alternatives may lie in each other.
const MAX_NESTED: usize = 4;

/// Raw version texts between which another mod's version must lie, both inclusive. How they compare is CKAN's order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bounds {
    pub min: Option<String>,
    pub max: Option<String>,
}

impl Bounds {
    pub fn is_any(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }
}

/// A mod by name, or whatever provides that name; bounds count only for the mod itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    pub name: Identifier,
    pub bounds: Bounds,
}

/// One entry of a list of relations: any of its mods fulfils it, the author's favourite first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Never empty.
    pub any_of: Vec<Named>,
    /// What to tell a player who has to choose.
    pub help: Option<String>,
    /// What the named mod itself recommends is not asked about.
    pub quiet: bool,
}

pub(super) fn relations(
    context: &Context<'_>,
    field: &'static str,
    raw: Vec<RawRelation>,
) -> Result<Vec<Relation>> {
    if raw.len() > MAX_RELATIONS {
        return Err(context.refuse(field, "too many entries"));
    }
    raw.into_iter().map(|raw| relation(context, field, raw)).collect()
}

fn relation(context: &Context<'_>, field: &'static str, raw: RawRelation) -> Result<Relation> {
    let (help, quiet) = (raw.choice_help_text.clone(), raw.suppress_recommendations);
    let mut any_of = Vec::new();
    collect(context, field, raw, MAX_NESTED, &mut any_of)?;
    if any_of.is_empty() {
        return Err(context.refuse(field, "a relation without a name"));
    }
    Ok(Relation { any_of, help, quiet })
}

fn collect(
    context: &Context<'_>,
    field: &'static str,
    raw: RawRelation,
    depth: usize,
    found: &mut Vec<Named>,
) -> Result<()> {
    match (raw.name, raw.any_of) {
        (Some(_), Some(_)) => Err(context.refuse(field, "a relation with a name and alternatives")),
        (None, None) => Err(context.refuse(field, "a relation without a name")),
        (Some(name), None) => {
            let bounds = bounds(context, field, raw.version, raw.min_version, raw.max_version)?;
            found.push(Named { name: context.identifier(field, &name)?, bounds });
            match found.len() > MAX_RELATIONS {
                true => Err(context.refuse(field, "too many entries")),
                false => Ok(()),
            }
        }
        (None, Some(_)) if depth == 0 => Err(context.refuse(field, "alternatives inside alternatives")),
        (None, Some(alternatives)) => alternatives
            .into_iter()
            .try_for_each(|alternative| collect(context, field, alternative, depth - 1, found)),
    }
}

fn bounds(
    context: &Context<'_>,
    field: &'static str,
    version: Option<String>,
    min: Option<String>,
    max: Option<String>,
) -> Result<Bounds, Error> {
    let text = |text: Option<String>| text.map(|text| context.version(field, text)).transpose();
    match (version, min, max) {
        (Some(version), None, None) => {
            let version = context.version(field, version)?;
            Ok(Bounds { min: Some(version.clone()), max: Some(version) })
        }
        (Some(_), ..) => Err(context.refuse(field, "an exact version and bounds")),
        (None, min, max) => Ok(Bounds { min: text(min)?, max: text(max)? }),
    }
}
