//! Who is connected. Addresses are shown here and nowhere else.

use muster_api::{ArchivePeers, OperationId, Peer, PeerState, PeerVia};
use muster_client::{Client, Request};

use crate::{context::Context, failure::Failure, output, target};

pub async fn run(context: &Context, word: Option<&str>) -> Result<(), Failure> {
    let client = context.service().await?;
    let mut archives: Vec<ArchivePeers> = client.ask(Request::new(OperationId::Peers)).await?;
    if let Some(word) = word {
        let meant = meant(&client, word).await?;
        archives.retain(|archive| meant.contains(&archive.sha256));
    }
    if context.json {
        return output::json(&archives);
    }
    if archives.is_empty() {
        context.note(context.words.text("cli-peers-nobody", &[]));
    }
    for archive in &archives {
        output::line(&archive.name)?;
        output::table(&archive.peers.iter().map(|peer| row(context, peer)).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// A word means a download, or what is kept.
async fn meant(client: &Client, word: &str) -> Result<Vec<String>, Failure> {
    match target::transfer(client, word).await {
        Ok(sha256) => Ok(vec![sha256]),
        Err(failure) if failure.exit == 4 => {
            let kept = target::kept(client, &[word.to_owned()]).await?;
            Ok(kept.into_iter().map(|seed| seed.sha256).collect())
        }
        Err(failure) => Err(failure),
    }
}

fn row(context: &Context, peer: &Peer) -> Vec<String> {
    let words = &context.words;
    let via = match peer.via {
        PeerVia::Named => "cli-via-named",
        PeerVia::Lan => "cli-via-lan",
        PeerVia::Tracker => "cli-via-tracker",
        PeerVia::Dht => "cli-via-dht",
        PeerVia::Pex => "cli-via-pex",
        PeerVia::Incoming => "cli-via-incoming",
    };
    let state = match peer.state {
        PeerState::Idle => "cli-peer-idle",
        PeerState::Taking => "cli-peer-taking",
        PeerState::Giving => "cli-peer-giving",
        PeerState::Both => "cli-peer-both",
    };
    let mut remarks = Vec::new();
    if peer.is_seed {
        remarks.push(words.text("cli-peers-seed", &[]));
    }
    if peer.wrong_blocks > 0 {
        remarks.push(words.text("cli-peers-wrong", &[("count", peer.wrong_blocks.to_string())]));
    }
    vec![
        format!("  {}", peer.address),
        words.text(via, &[]),
        peer.client.clone().unwrap_or_default(),
        format!("↓ {}  {}", words.size(peer.down), words.rate(peer.down_rate)),
        format!("↑ {}  {}", words.size(peer.up), words.rate(peer.up_rate)),
        words.text(state, &[]),
        remarks.join(", "),
    ]
}
