//! Keys of the player's for the services of sources: set, forget, show where it lies.

use std::io::{IsTerminal as _, Read as _};

use muster_api::{Changed, KeyPlace, NewSourceKey, OperationId, Source, SourceKey, SourceKeyAt};
use muster_client::{Client, Request};
use zeroize::Zeroizing;

use crate::{arguments::SourceKeyCommand, context::Context, failure::Failure, output, progress, target};

/// Most bytes of the standard input that are read: more than any key.
const MAX_INPUT: u64 = 8192;

pub async fn run(
    context: &Context,
    client: &Client,
    word: &str,
    action: SourceKeyCommand,
) -> Result<(), Failure> {
    let source = target::source(client, word).await?;
    let Some(key) = &source.key else {
        let title = format!("{} is asked without a key", source.alias);
        return Err(Failure::new(5, "source-takes-no-key", title).with("source", source.alias));
    };
    match action {
        SourceKeyCommand::Show => show(context, key),
        SourceKeyCommand::Forget => {
            let request = Request::new(OperationId::ForgetSourceKey).path("source", &source.id);
            told(context, client, &source, client.ask(request).await?).await
        }
        SourceKeyCommand::Set { variable: None, file: None } => {
            let body = NewSourceKey { key: read(context, &key.service)?.to_string() };
            let request = Request::new(OperationId::SetSourceKey).path("source", &source.id).body(&body)?;
            told(context, client, &source, client.ask(request).await?).await
        }
        SourceKeyCommand::Set { variable, file } => {
            let file = file.map(std::path::absolute).transpose().map_err(Failure::io)?;
            let body = SourceKeyAt { variable, file: file.map(|path| path.to_string_lossy().into_owned()) };
            let request = Request::new(OperationId::PlaceSourceKey).path("source", &source.id).body(&body)?;
            told(context, client, &source, client.ask(request).await?).await
        }
    }
}

/// A key never stands in a command, where the history of the shell and other programs would see it.
fn read(context: &Context, service: &str) -> Result<Zeroizing<String>, Failure> {
    let mut text = Zeroizing::new(String::new());
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let question = context.words.text("cli-source-key-ask", &[("service", service.to_owned())]);
        return rpassword::prompt_password(format!("{question} ")).map(Zeroizing::new).map_err(Failure::io);
    }
    stdin.lock().take(MAX_INPUT).read_to_string(&mut text).map_err(Failure::io)?;
    Ok(text)
}

fn show(context: &Context, key: &SourceKey) -> Result<(), Failure> {
    if context.json {
        return output::json(key);
    }
    println!("{}", sentence(context, key));
    if let Some(problem) = &key.problem {
        context.note(context.words.error_text(&problem.code, &problem.context, &problem.title));
    }
    Ok(())
}

fn sentence(context: &Context, key: &SourceKey) -> String {
    let id = match key.place {
        None => "cli-source-key-none",
        Some(KeyPlace::Keyring) => "cli-source-key-keyring",
        Some(KeyPlace::Variable) => "cli-source-key-variable",
        Some(KeyPlace::File) => "cli-source-key-file",
    };
    let named = key.named.clone().unwrap_or_default();
    context.words.text(id, &[("service", key.service.clone()), ("named", named)])
}

/// Says where the key lies now, and refreshes the source with it. That it cannot be refreshed does not undo that.
async fn told(context: &Context, client: &Client, source: &Source, changed: Changed) -> Result<(), Failure> {
    let sources: Vec<Source> = client.ask(Request::new(OperationId::Sources)).await?;
    let now = sources.into_iter().find(|other| other.id == source.id).and_then(|source| source.key);
    if let Some(key) = now.filter(|_| !context.json) {
        context.note(sentence(context, &key));
    }
    if let Err(failure) = progress::follow(context, client, &changed).await {
        let problem = &failure.problem;
        context.note(context.words.error_text(&problem.code, &problem.context, &problem.title));
    }
    if context.json { output::json(&changed) } else { Ok(()) }
}
