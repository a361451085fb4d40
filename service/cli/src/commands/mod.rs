//! The verbs that ask the service.

mod adopt;
mod audit;
mod catalog;
mod change;
mod changes;
mod channel;
mod collection;
mod contents;
mod disk;
mod doctor;
mod drift;
mod features;
mod game;
mod history;
mod hold;
mod kept;
mod limits;
mod link;
mod lobby;
mod offers;
mod pack;
mod peers;
mod presets;
mod profile;
mod queue;
mod role;
mod saves;
mod seed;
mod service;
mod settings;
mod shared;
mod source;
mod source_key;
mod upkeep;
mod vanilla;
mod why;

use std::process::ExitCode;

use crate::{
    arguments::{Command, GameCommand, PackagesArguments},
    context::Context,
    failure::Failure,
};

/// Runs one verb.
pub async fn run(context: Context, command: Command) -> Result<ExitCode, Failure> {
    let context = &context;
    match command {
        Command::Status => service::status(context).await?,
        Command::Start => service::start(context).await?,
        Command::Stop => service::stop(context).await?,
        Command::Game { command } => game::run(context, command.unwrap_or(GameCommand::List)).await?,
        Command::Search(arguments) => catalog::search(context, arguments).await?,
        Command::Show { package } => catalog::show(context, &package).await?,
        Command::Install(arguments) => change::install(context, arguments).await?,
        Command::Remove(arguments) => change::remove(context, arguments).await?,
        Command::Update(arguments) => change::update(context, arguments).await?,
        Command::Enable(arguments) => change::switch(context, arguments, change::Switch::On).await?,
        Command::Disable(arguments) => change::switch(context, arguments, change::Switch::Off).await?,
        Command::Hold(arguments) => hold::hold(context, arguments).await?,
        Command::Unhold(arguments) => hold::unhold(context, arguments).await?,
        Command::Subscribe(arguments) => upkeep::subscribe(context, arguments).await?,
        Command::Unsubscribe(arguments) => upkeep::unsubscribe(context, arguments).await?,
        Command::Subscriptions { profile } => upkeep::show(context, profile).await?,
        Command::Channel(arguments) => channel::run(context, arguments).await?,
        Command::Features(arguments) => features::run(context, arguments).await?,
        Command::List { profile } => profile::list(context, profile).await?,
        Command::Why { packages, profile } => why::why(context, &packages, profile).await?,
        Command::Outdated { changes, profile } => why::outdated(context, changes, profile).await?,
        Command::Audit { profile } => return audit::audit(context, profile).await,
        Command::Doctor { command } => return doctor::run(context, command).await,
        Command::Quarantine { packages, profile } => {
            audit::quarantine(context, PackagesArguments { packages, profile }).await?;
        }
        Command::Verify { profile, repair: true, .. } => return profile::repair(context, profile).await,
        Command::Verify { profile, .. } => return profile::verify(context, profile).await,
        Command::Undo(arguments) => history::undo(context, arguments).await?,
        Command::History(arguments) => history::run(context, arguments).await?,
        Command::Drift(arguments) => drift::run(context, arguments).await?,
        Command::Kept { command } => kept::run(context, command).await?,
        Command::Saves { command } => saves::run(context, command).await?,
        Command::Adopt(arguments) => adopt::run(context, arguments).await?,
        Command::Vanilla(arguments) => return vanilla::run(context, arguments).await,
        Command::Order { clear: true, profile, .. } => contents::clear(context, profile).await?,
        Command::Order { packages, profile, .. } => contents::order(context, &packages, profile).await?,
        Command::Conflicts { limit, offset, profile } => {
            contents::conflicts(context, (offset, limit), profile).await?;
        }
        Command::Launch(arguments) => return profile::launch(context, arguments).await,
        Command::Profile(command) => profile::run(context, command).await?,
        Command::Collection(command) => collection::run(context, command).await?,
        Command::Source(command) => source::run(context, command).await?,
        Command::Queue { command } => queue::run(context, command).await?,
        Command::Limits { command } => limits::run(context, command).await?,
        Command::Disk => disk::run(context).await?,
        Command::Seed { command } => seed::run(context, command).await?,
        Command::Peers { archive } => peers::run(context, archive.as_deref()).await?,
        Command::Settings { changes } => settings::run(context, &changes).await?,
        Command::Lobby { command } => lobby::run(context, command).await?,
        Command::Open { link, yes } => link::open(context, &link, yes).await?,
        // These need no service and went elsewhere (`main`).
        Command::Pack(_) | Command::Inspect(_) | Command::Key(_) | Command::Registry(_) => {}
        Command::Completions { .. } | Command::Window { .. } => {}
    }
    Ok(ExitCode::SUCCESS)
}
