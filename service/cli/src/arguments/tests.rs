use clap::CommandFactory;

use super::*;

fn parse(line: &str) -> Result<Command, clap::Error> {
    Arguments::try_parse_from(line.split(' ')).map(|arguments| arguments.command)
}

#[test]
fn the_grammar_has_no_contradictions() {
    Arguments::command().debug_assert();
}

#[test]
fn flags_stand_before_and_behind_the_verb() {
    for line in ["muster --json status", "muster status --json"] {
        let arguments = Arguments::try_parse_from(line.split(' ')).unwrap();
        assert!(arguments.json && matches!(arguments.command, Command::Status));
    }
}

#[test]
fn verify_is_about_a_file_or_a_profile() {
    let file = |line| match parse(line) {
        Ok(Command::Verify { file, profile, .. }) => (file, profile.profile),
        other => panic!("{other:?}"),
    };
    assert_eq!(file("muster verify"), (None, None));
    assert_eq!(file("muster verify a.muster"), (Some("a.muster".into()), None));
    assert_eq!(file("muster verify --profile Main"), (None, Some("Main".into())));
}

#[test]
fn verbs_need_what_they_work_on() {
    for line in [
        "muster",
        "muster install",
        "muster remove",
        "muster enable",
        "muster queue peers",
        "muster queue move x 0",
        "muster queue cancel",
        "muster seed pin",
        "muster seed free",
        "muster seed free --all 5MB",
        "muster verify a.muster --repair",
        "muster history --diff 1",
        "muster history --diff 1 2 prune",
        "muster profile clone Main",
        "muster profile delete",
        "muster profile set",
        "muster profile set --side moon",
        "muster drift keep",
        "muster drift keep yours",
        "muster pack",
    ] {
        assert!(parse(line).is_err(), "{line}");
    }
    for line in [
        "muster update",
        "muster queue",
        "muster queue tier x now",
        "muster seed",
        "muster seeds",
        "muster seed pause",
        "muster seed free 5MB",
        "muster seed free --all --yes",
        "muster peers",
        "muster limits",
        "muster limits pause",
        "muster limits pause 1h",
        "muster limits set --up auto --schedule 22-6",
        "muster settings",
        "muster source sync",
        "muster source add --preset modrinth:fabric",
        "muster source presets",
        "muster source presets minetest",
        "muster source presets --decline ckan",
        "muster source key gh set",
        "muster source key gh set --variable GH_TOKEN",
        "muster source key gh forget",
        "muster source key gh show",
        "muster profile lock",
        "muster profile switch Main",
        "muster profile activate Main",
        "muster profile clone Main Copy",
        "muster profile list --deleted",
        "muster profile restore Main --as Again",
        "muster profile show",
        "muster profile set --side server",
        "muster profile set --platform windows --profile Main",
        "muster profile set --side both --platform automatic --dry-run",
        "muster verify --repair",
        "muster drift",
        "muster drift keep mine mods/lamp/init.lua",
        "muster drift keep both --profile Main",
        "muster vanilla",
        "muster vanilla Main --check",
        "muster vanilla --check --read-all",
        "muster history",
        "muster history --diff 1 2 --profile Main",
        "muster history name 3 good",
        "muster history prune --keep 5 --days 0",
        "muster undo --to 0",
    ] {
        assert!(parse(line).is_ok(), "{line}");
    }
}
