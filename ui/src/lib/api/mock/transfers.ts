/** The download queue of the mock world; it moves with each step. */
import type { Job, PackageRow, PlanItem, Transfer, TransferCommand, Transfers, TransfersChange } from '../api';
import { hexFrom } from './world';

export class MockTransfers {
  all: Transfer[];
  paused = false;
  private told: Transfer[] = [];

  /** `tick` is the time between steps in milliseconds. */
  constructor(rows: PackageRow[], private readonly partial: boolean, private readonly tick: number) {
    this.all = rows.length === 0 ? [] : this.seed(rows);
  }

  get open(): number {
    return this.all.filter((transfer) => transfer.state !== 'done').length;
  }

  add(items: PlanItem[]): void {
    for (const item of items) {
      this.all.push({
        sha256: hexFrom(item.id), name: `${item.title} ${item.to ?? ''}`, lane: 'user', position: this.all.length, state: 'queued',
        size: item.size, here: item.here, from_peers: 0, from_servers: 0, down: 0, up: 0, peers: 0,
      });
    }
  }

  of(job: Job): Transfer[] {
    return this.all.filter((transfer) => job.members.some((member) => member.sha256 === transfer.sha256));
  }

  drop(job: Job): void {
    const gone = this.of(job);
    this.all = this.all.filter((transfer) => !gone.includes(transfer));
  }

  step(): void {
    if (!this.paused) this.all = this.all.map((transfer) => this.stepOne(transfer));
  }

  private seed(rows: PackageRow[]): Transfer[] {
    const make = (index: number, extra: Partial<Transfer>): Transfer => {
      const row = rows[index] as PackageRow;
      return { sha256: hexFrom(`t${row.id}`), name: `${row.title} ${row.version}`, lane: 'user', position: 0, state: 'queued', size: row.size, here: 0, from_peers: 0, from_servers: 0, down: 0, up: 0, peers: 0, ...extra };
    };
    const map = rows[3]?.size ?? 0;
    const list = [
      make(3, { lane: 'lobby-urgent', state: 'active', here: map * 0.1, from_peers: map * 0.38, from_servers: map * 0.16, down: 6_900_000, peers: 14, eta: 21 }),
      make(8, { lane: 'lobby-urgent', state: 'checking', from_peers: 40_000_000, from_servers: 7_000_000, down: 1_300_000, peers: 3 }),
      make(4, { position: 0, peers: 22, here: 210_000_000, reason: { code: 'waiting-order', context: {} }, eta: 240 }),
      make(14, { position: 1, state: 'paused', from_servers: 21_000_000, reason: { code: 'waiting-paused', context: {} } }),
      make(13, { position: 2, state: 'failed', from_peers: 3_000_000, reason: { code: 'waiting-failed', context: {} } }),
      make(9, { lane: 'background', reason: { code: 'waiting-game', context: {} } }),
      make(12, { lane: 'background', state: 'done', from_servers: 12_000 }),
    ];
    return this.partial ? list.slice(3) : list;
  }

  list(): Transfers {
    const active = this.paused ? [] : this.all.filter((transfer) => transfer.state === 'active');
    const down = active.reduce((sum, transfer) => sum + transfer.down, 0);
    const open = this.all.filter((transfer) => transfer.state !== 'done');
    const sum = (part: (transfer: Transfer) => number): number => open.reduce((total, transfer) => total + part(transfer), 0);
    const [total, here, from_peers, from_servers] = [sum((t) => t.size), sum((t) => t.here), sum((t) => t.from_peers), sum((t) => t.from_servers)];
    const done = here + from_peers + from_servers;
    const all = { archives: open.length, complete: 0, total, done, left: total - done, here, from_peers, from_servers, down };
    return { transfers: this.all, paused: this.paused, down, down_peers: Math.round(down * 0.74), down_servers: Math.round(down * 0.26), up: 640_000, groups: [], all };
  }

  /** What changed since the last change that was told. */
  change(): TransfersChange {
    const { transfers, ...rest } = this.list();
    const changed = transfers.filter((transfer) => !this.told.includes(transfer));
    const gone = this.told.filter(({ sha256 }) => transfers.every((transfer) => transfer.sha256 !== sha256)).map(({ sha256 }) => sha256);
    this.told = [...transfers];
    return { ...rest, changed, gone };
  }

  command(command: TransferCommand): void {
    if (command.sha256 === undefined) this.paused = command.action === 'pause';
    this.all = this.all.map((transfer) => {
      if (command.sha256 !== undefined && transfer.sha256 !== command.sha256) return transfer;
      if (command.action === 'move') return { ...transfer, lane: command.lane ?? transfer.lane, position: command.position ?? transfer.position };
      if (command.action === 'pause' && transfer.state !== 'done') return { ...transfer, state: 'paused', down: 0, reason: { code: 'waiting-paused', context: {} } };
      if (command.action === 'resume' && transfer.state !== 'paused') return transfer;
      return transfer.state === 'done' ? transfer : { ...transfer, state: 'queued', reason: undefined };
    });
  }

  private stepOne(transfer: Transfer): Transfer {
    if (!['queued', 'active', 'checking'].includes(transfer.state) || transfer.reason !== undefined) return transfer;
    const left = transfer.size - transfer.here - transfer.from_peers - transfer.from_servers;
    if (transfer.state === 'checking') return { ...transfer, state: 'done', down: 0 };
    if (left <= 0) return { ...transfer, state: 'checking', down: 0 };
    const bytes = Math.min(left, Math.max(1_700_000, transfer.size * 0.2));
    const peers = Math.round(bytes * 0.7);
    const down = (bytes * 1000) / Math.max(1, this.tick);
    return { ...transfer, state: 'active', from_peers: transfer.from_peers + peers, from_servers: transfer.from_servers + bytes - peers, down, peers: 9, eta: Math.ceil(left / down) };
  }
}
