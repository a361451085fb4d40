/** The mock world's lobbies: one that answers, opened and joined as a player would. */
import type { HostLobby, HostedLobby, JoinedLobby, Lobbies, LobbyOffer, PlanPreview } from '../api';
import { hexFrom, iso, now, profileId } from './world';

export class MockLobbies {
  all: Lobbies = {};

  constructor(private readonly state: string) {
    if (state === 'lobby') this.all = { joined: this.#joined('ready'), hosted: this.#hosted({ addresses: [], hours: 12 }) };
  }

  #joined(phase: JoinedLobby['phase']): JoinedLobby {
    return { name: 'Friday night', game: 'saltmere', phase, profile: profileId, own_name: 'Main' };
  }

  #hosted({ name, hours }: HostLobby): HostedLobby {
    return {
      name: name ?? 'Main', profile: profileId, link: `muster://join/1/${hexFrom('ticket')}/2417?peer=192.0.2.7:6881`, ticket: '{}',
      expires: iso(now + hours * 3_600_000), packages: 40, left_out: ['Brass Fonts'], offered: this.state !== 'partial',
    };
  }

  offer(plan: PlanPreview): LobbyOffer {
    const missing = this.state === 'partial';
    return {
      name: 'Friday night', game: 'saltmere', expires: iso(now + 4 * 3_600_000), peers: 3, packages: plan.items.length, digest: hexFrom('ticket'), own_profile: profileId, own_name: 'Main',
      sources: missing ? [{ id: 'reg-1', address: 'https://mods.example/registry', here: false }] : [], ...(!missing && { plan }),
    };
  }

  host(request: HostLobby): HostedLobby {
    const hosted = this.#hosted(request);
    this.all = { ...this.all, hosted };
    return hosted;
  }

  close(): void {
    delete this.all.hosted;
  }

  join(): void {
    this.all = { ...this.all, joined: this.#joined('ready') };
  }

  leave(): void {
    delete this.all.joined;
  }
}

