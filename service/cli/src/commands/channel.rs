//! How ripe releases have to be that a profile, or a package of it, takes.

use muster_api::{ChangeRequest, Follow, Profile, ReleaseChannel};
use muster_client::Client;

use super::{
    change::{Consent, carry_out},
    hold::carry_through,
};
use crate::{
    arguments::{ChannelArguments, ChannelWord},
    context::Context,
    failure::Failure,
    target,
};

/// Gives packages, or the profile where none is named, another channel. Packages move to what is newest in theirs.
pub async fn run(context: &Context, arguments: ChannelArguments) -> Result<(), Failure> {
    let client = context.service().await?;
    let profile = target::profile(&client, arguments.profile.profile.as_deref()).await?;
    if arguments.packages.is_empty() {
        return of_profile(context, &client, &profile, arguments.channel).await;
    }
    let keys = target::installed(&client, &profile, &arguments.packages).await?;
    let channel = arguments.channel.channel();
    let channels = keys.iter().map(|key| Follow { key: key.clone(), channel }).collect();
    let request = ChangeRequest { update: keys, channels, ..ChangeRequest::default() };
    carry_out(context, &client, &profile, request, Consent::of(false, arguments.yes)).await
}

async fn of_profile(
    context: &Context,
    client: &Client,
    profile: &Profile,
    word: ChannelWord,
) -> Result<(), Failure> {
    let Some(channel) = word.channel() else {
        return Err(Failure::new(2, "cli-channel-of-what", "name the packages that shall go by the profile"));
    };
    let request = ChangeRequest {
        profile: Some(profile.id.clone()),
        channel: Some(channel),
        ..ChangeRequest::default()
    };
    carry_through(context, client, request).await?;
    context.note(context.words.text("cli-channel-update", &[]));
    Ok(())
}

/// Which releases of a package are taken.
pub(super) fn sentence(context: &Context, channel: ReleaseChannel) -> String {
    let name = match channel {
        ReleaseChannel::Stable => "channel-of-stable",
        ReleaseChannel::Beta => "channel-of-beta",
        ReleaseChannel::Dev => "channel-of-dev",
    };
    context.words.text(name, &[])
}
