//! `muster registry feature`: what the registry features.

use muster_domain::{GameId, PublishedName};
use muster_registry::{Error, Pick, author};

use super::{
    super::{
        Style,
        keys::{self, Passphrases},
    },
    folder::Folder,
    moment, report,
};
use crate::{arguments::FeatureArguments, failure::Failure, output};

/// Features a package, in place of what was said about it for the same game, or no longer; or says what is featured.
pub fn feature(style: &Style, arguments: &FeatureArguments) -> Result<(), Failure> {
    let folder = Folder::open(&arguments.sign.registry)?;
    let (Some(package), Some(online_key)) = (&arguments.package, &arguments.online_key) else {
        return list(style, &author::featured(&folder)?);
    };
    let moment = moment(&arguments.sign)?;
    let package: PublishedName = package.parse().map_err(|_| unreadable("PACKAGE", package))?;
    let game = arguments.game.as_deref();
    let game: Option<GameId> =
        game.map(|text| text.parse().map_err(|_| unreadable("--game", text))).transpose()?;
    let passphrases = Passphrases::new(&style.words, arguments.sign.passphrase_file.as_deref())?;
    let online = keys::open(online_key, &passphrases)?;
    let edit = |picks: &mut Vec<Pick>| {
        let was = picks.iter().position(|pick| pick.package == package && pick.game == game);
        let before = was.map(|at| picks.remove(at));
        if arguments.withdraw {
            return match before {
                Some(_) => Ok(()),
                None => Err(Error::NotFound { what: package.to_string() }),
            };
        }
        // Where nothing else is said, it stays where it was.
        let place = arguments.place.map(|place| usize::from(place) - 1).or(was).unwrap_or(picks.len());
        let text = arguments.text.clone().or(before.map(|pick| pick.text)).unwrap_or_default();
        let pick = Pick { package: package.clone(), text, game: game.clone(), until: arguments.until };
        picks.insert(place.min(picks.len()), pick);
        Ok(())
    };
    let refresh = author::feature(&folder, edit, &online, moment)?;
    folder.write(&refresh.change, &[])?;
    let until = moment.now.checked_add(moment.lifetimes.online).unwrap_or(moment.now);
    report::refreshed(style, until, &refresh.problems)
}

fn list(style: &Style, picks: &[Pick]) -> Result<(), Failure> {
    if picks.is_empty() {
        return output::line(&style.words.text("cli-feature-none", &[]));
    }
    let rows = picks.iter().zip(1..).map(|(pick, place): (_, usize)| {
        let until =
            pick.until.map(|until| style.words.text("cli-feature-until", &[("time", until.to_string())]));
        vec![
            place.to_string(),
            pick.package.to_string(),
            pick.game.as_ref().map(ToString::to_string).unwrap_or_default(),
            until.unwrap_or_default(),
            pick.text.clone(),
        ]
    });
    output::table(&rows.collect::<Vec<_>>())
}

fn unreadable(name: &str, text: &str) -> Failure {
    Failure::new(2, "cli-feature-unreadable", format!("{name} {text}")).with("name", name).with("text", text)
}
