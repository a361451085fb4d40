//! Windows, by the Windows Runtime: asked every now and then, because its events need an apartment of their own.
//!
//! Checked by compiling only.

use std::time::Duration;

use windows::{
    Networking::Connectivity::{NetworkCostType, NetworkInformation},
    System::Power::{BatteryStatus, PowerManager, PowerSupplyStatus},
};

use crate::{Config, board::Board, watcher::Source};

/// Interface type of a tunnel in IANA's list.
const TUNNEL: u32 = 131;
/// Interface type that drivers of virtual private networks report.
const VIRTUAL: u32 = 53;
/// These are cheap calls.
const MOST: Duration = Duration::from_secs(5);

pub(super) fn sources(config: &Config, board: &Board) -> Vec<Source> {
    let (board, poll) = (board.clone(), config.poll.min(MOST));
    vec![Box::new(move |mut first| {
        Box::pin(async move {
            loop {
                let answers = tokio::task::spawn_blocking(|| (on_battery(), network())).await;
                let (on_battery, (is_metered, over_vpn)) = answers.unwrap_or_default();
                board.update(|facts| {
                    (facts.on_battery, facts.is_metered, facts.over_vpn) = (on_battery, is_metered, over_vpn);
                });
                first.done();
                tokio::time::sleep(poll).await;
            }
        })
    })]
}

fn on_battery() -> Option<bool> {
    // A machine without a battery has no supply status worth the name.
    if PowerManager::BatteryStatus().ok()? == BatteryStatus::NotPresent {
        return Some(false);
    }
    Some(PowerManager::PowerSupplyStatus().ok()? == PowerSupplyStatus::NotPresent)
}

fn network() -> (Option<bool>, Option<bool>) {
    let Ok(profile) = NetworkInformation::GetInternetConnectionProfile() else { return (None, None) };
    let cost = profile.GetConnectionCost().and_then(|cost| cost.NetworkCostType()).ok();
    let is_metered = match cost {
        Some(NetworkCostType::Unrestricted) => Some(false),
        Some(NetworkCostType::Fixed | NetworkCostType::Variable) => Some(true),
        _ => None,
    };
    let kind = profile.NetworkAdapter().and_then(|adapter| adapter.IanaInterfaceType()).ok();
    (is_metered, kind.map(|kind| kind == TUNNEL || kind == VIRTUAL))
}
