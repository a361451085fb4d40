/** The mock world's lobbies: one that answers, opened and joined as a player would. */
import { emptyChange, type CallId, type ChangeRequest, type HostLobby, type HostedLobby, type JoinLobby, type JoinedLobby, type Lobbies, type LobbyOffer, type LobbyPlayer, type PackageKey, type PackageRow, type PlanPreview } from '../api';
import { hexFrom, iso, now, profileId } from './world';

const hostKey = `ed25519:${hexFrom('host')}`;

const player = (seat: number, name: string, step: LobbyPlayer['step'], more: Partial<LobbyPlayer> = {}): LobbyPlayer => ({
  seat, name, step, done: 0, total: 0, since: iso(now - 300_000), heard: iso(now - 4_000), silent: false, you: false, ...more,
});

/** Everybody who joined; the second one is the player of this window, where they are a guest. */
const players = (you: string | undefined): LobbyPlayer[] => [
  player(1, 'Ada', 'ready'),
  player(2, you ?? 'Marlow', 'ready', { you: you !== undefined }),
  player(3, 'Bo', 'bringing', { done: 38_000_000, total: 48_000_000 }),
  player(4, '', 'joining'),
  player(5, 'Cy', 'ready', { silent: true, heard: iso(now - 130_000) }),
  player(6, 'Dee', 'left', { heard: iso(now - 60_000) }),
];

export class MockLobbies {
  all: Lobbies = { hosts: [] };

  constructor(private readonly state: string) {
    if (state === 'lobby') this.all = { hosts: [{ key: hostKey, words: 'amber-field-stone-oar', lobby: 'Friday night', since: iso(now - 86_400_000) }], joined: this.#joined('ready', 'Robin'), hosted: { ...this.#hosted({ addresses: [], hours: 12 }), players: players(undefined) } };
  }

  #joined(phase: JoinedLobby['phase'], you: string): JoinedLobby {
    return {
      name: 'Friday night', game: 'saltmere', phase, profile: profileId, own_name: 'Main', since: iso(now - 300_000), expires: iso(now + 4 * 3_600_000),
      players: players(you), heard: iso(now - 4_000), back: 'https://play.example/match/7',
    };
  }

  #hosted({ name, hours }: HostLobby): HostedLobby {
    return {
      name: name ?? 'Main', game: 'saltmere', profile: profileId, link: `muster://join/1/${hexFrom('ticket')}/2417?peer=192.0.2.7:6881`, ticket: '{}',
      since: iso(now), expires: iso(now + hours * 3_600_000), packages: 40, left_out: ['Brass Fonts'], offered: this.state !== 'partial', players: [], optional: 0, full_link: `muster://join/1/t.${hexFrom('packed')}`,
    };
  }

  offer(plan: PlanPreview, whole: PlanPreview): LobbyOffer {
    const isLeftOut = ({ id }: PackageKey): boolean => !plan.items.some((item) => item.id === id);
    const missing = this.state === 'partial';
    return {
      name: 'Friday night', game: 'saltmere', expires: iso(now + 4 * 3_600_000), peers: 3, packages: plan.items.length, digest: hexFrom('ticket'), own_profile: profileId, own_name: 'Main', your_name: 'Robin', asks: this.state !== 'known', back: 'https://play.example/match/7',
      host: { key: hostKey, words: 'amber-field-stone-oar', allowed: this.state === 'known' || this.state === 'lobby' },
      optional: whole.items.slice(-2).map((item, index) => ({ source: item.source, id: item.id, title: item.title, verified: index === 0, left_out: isLeftOut(item) })),
      sources: missing ? [{ id: 'reg-1', address: 'https://mods.example/registry', here: false }] : [], ...(!missing && { plan }),
    };
  }

  /** What joining would do; where nobody said what is left out, the last one is. */
  look(rows: PackageRow[], without: PackageKey[] | undefined, plan: (request: ChangeRequest) => PlanPreview): LobbyOffer {
    const whole = plan(this.wanted(rows));
    return this.offer(plan(this.wanted(rows, without ?? whole.items.slice(-1))), whole);
  }

  /** What the lobby plays with. */
  wanted(rows: PackageRow[], without: PackageKey[] = []): ChangeRequest {
    const mods = rows.filter((row) => row.kind === 'mod' && row.signature === 'author').slice(8, 12);
    const kept = mods.filter(({ id }) => !without.some((one) => one.id === id));
    return { ...emptyChange, install: kept.map(({ source, id }) => ({ source, id })) };
  }

  /** What opening, closing, joining and leaving do; opening answers the lobby. */
  answer(id: CallId, input: unknown): HostedLobby | undefined {
    const { hosted, joined } = this.all;
    if (id === 'host-lobby') {
      this.all = { ...this.all, hosted: this.#hosted(input as HostLobby) };
      return this.all.hosted;
    }
    const { hosts } = this.all;
    if (id === 'forget-host') this.all = { ...this.all, hosts: [] };
    else if (id === 'close-lobby') this.all = { hosts, ...(joined && { joined }) };
    else if (id === 'join-lobby') this.all = { ...this.all, joined: this.#joined('ready', (input as JoinLobby).name ?? '') };
    else if (id === 'leave-lobby') this.all = { hosts, ...(hosted && { hosted }) };
    return undefined;
  }
}
