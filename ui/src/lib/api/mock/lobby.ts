/** The mock world's lobbies: one that answers, opened and joined as a player would. */
import { emptyChange, type CallId, type ChangeRequest, type HostLobby, type HostedLobby, type JoinedLobby, type Lobbies, type LobbyOffer, type PackageRow, type PlanPreview } from '../api';
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

  /** What the lobby plays with. */
  wanted(rows: PackageRow[]): ChangeRequest {
    const mods = rows.filter((row) => row.kind === 'mod' && row.signature === 'author').slice(8, 12);
    return { ...emptyChange, install: mods.map(({ source, id }) => ({ source, id })) };
  }

  /** What opening, closing, joining and leaving do; opening answers the lobby. */
  answer(id: CallId, input: unknown): HostedLobby | undefined {
    const { hosted, joined } = this.all;
    if (id === 'host-lobby') {
      this.all = { ...this.all, hosted: this.#hosted(input as HostLobby) };
      return this.all.hosted;
    }
    if (id === 'close-lobby') this.all = { ...(joined && { joined }) };
    else if (id === 'join-lobby') this.all = { ...this.all, joined: this.#joined('ready') };
    else if (id === 'leave-lobby') this.all = { ...(hosted && { hosted }) };
    return undefined;
  }
}
