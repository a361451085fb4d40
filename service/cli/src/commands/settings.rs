//! `muster settings [name=value …]`.

use muster_api::{Changed, OperationId, Settings};
use muster_client::Request;
use serde_json::{Map, Value};

use crate::{context::Context, failure::Failure, output};

/// Shows the settings, or changes some. Names may be written with hyphens.
pub async fn run(context: &Context, changes: &[String]) -> Result<(), Failure> {
    let client = context.service().await?;
    if !changes.is_empty() {
        let patch = Request::new(OperationId::PatchSettings).body(&patch(changes)?)?;
        let changed: Changed = client.ask(patch).await?;
        return if context.json { output::json(&changed) } else { Ok(()) };
    }
    let settings: Settings = client.ask(Request::new(OperationId::Settings)).await?;
    if context.json {
        return output::json(&settings);
    }
    let Ok(Value::Object(fields)) = serde_json::to_value(&settings) else { return Ok(()) };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let rows: Vec<Vec<String>> =
        fields.iter().map(|(name, value)| vec![name.replace('_', "-"), text(value)]).collect();
    output::table(&rows)
}

/// Numbers are sent as numbers, yes and no as such, everything else as text; the service knows which names and values
/// there are.
fn patch(changes: &[String]) -> Result<Value, Failure> {
    let mut fields = Map::new();
    for change in changes {
        let (name, value) = change.split_once('=').ok_or_else(|| {
            Failure::new(2, "cli-setting-syntax", format!("{change} is not name=value")).with("text", change)
        })?;
        let value = match (value.parse::<u64>(), value) {
            (Ok(number), _) => Value::from(number),
            (_, "true" | "yes") => Value::from(true),
            (_, "false" | "no") => Value::from(false),
            _ => Value::from(value),
        };
        fields.insert(name.replace('-', "_"), value);
    }
    Ok(Value::Object(fields))
}
