/** What is in the mock game's folders: files changed by hand, the result of a check, the proof of the original game. */
import type { Departed, Drift, FileFinding, FileTexts, Modded, PlaceFile, VanillaProof, VerifyReport } from '../api';

const place = 'mods';
const file = (path: string, where = place): PlaceFile => ({ place: where, path });
const finding = (path: string, of: string): FileFinding => ({ ...file(path), package: of });

export function makeDrift(much: boolean): Drift {
  const undecided = [
    finding('hud_core/settings.conf', 'atelier-nord/hud-core'),
    finding('tidewater/textures/lantern_glass.png', 'marlow/tidewater-lighting'),
  ];
  for (let i = 0; much && i < 420; i += 1) undecided.push(finding(`harbour/quarter_${i % 12}/house_${String(i).padStart(3, '0')}/door.lua`, 'marlow/old-harbour-map'));
  return {
    undecided,
    missing: [],
    own: [
      { ...file('deep_storage/chests.conf'), keep: 'both', conflict: false },
      { ...file('ledger/prices.conf'), keep: 'both', conflict: true },
      { ...file('sail_physics/rig.lua'), keep: 'mine', conflict: false },
    ],
  };
}

export function makeReport(profile: string, drift: Drift, isWhole: boolean): VerifyReport {
  return {
    profile, intact: isWhole ? 1_207 : 1_204, changed: drift.undecided,
    missing: isWhole ? [] : [finding('wind_core/sounds/gust_2.ogg', 'windward/wind-core')],
    edited: drift.own.map(({ path }) => finding(path, '')),
    damaged_archives: isWhole ? [] : ['5c1d0f7a92be4438aa10c4d2f7706d9e1b3a5c7d9e0f1122334455667788990a'],
  };
}

/** How the folders answer: only before Muster ever wrote is there nothing to prove. */
export interface FolderState {
  placed: string | undefined;
  recorded: boolean;
  much: boolean;
  /** Something else changed files. */
  departed: boolean;
  /** Every file was read, so that the proof goes by bytes. */
  read?: boolean;
}

const cut = 1_000;

export function makeProof({ placed, recorded, much, departed: isDeparted, read = false }: FolderState): VanillaProof {
  const counts = { equal: 0, unchanged: 0, departed: 0, modded: 0 };
  if (!recorded) return { recorded, late: false, original: true, ours: 0, counts, equal: [], unchanged: [], departed: [], modded: [], ...(placed !== undefined && { placed }) };
  const many = (count: number, path: (index: number) => string): PlaceFile[] => Array.from({ length: Math.min(count, cut) }, (_, index) => file(path(index), 'data'));
  const [displaced, others] = [placed === undefined ? 6 : 0, much ? 84_112 : 318];
  const [equal, unchanged] = read ? [displaced + others, 0] : [displaced, others];
  const departed: Departed[] = isDeparted
    ? [
        { how: 'changed', ...file('saltmere.conf', 'data') },
        { how: 'gone', ...file('screenshots/old_pier.png', 'data') },
        { how: 'new', ...file('screenshots/2026-11-19_harbour.png', 'data') },
      ]
    : [{ how: 'new', ...file('screenshots/2026-11-19_harbour.png', 'data') }];
  const modded: Modded[] = [{ of: 'another mod manager', ...file('BepInEx/core/loader.dll', 'data') }, { of: 'another mod manager', ...file('winhttp.dll', 'data') }];
  return {
    ...(placed !== undefined && { placed }), recorded, late: much, original: placed === undefined && !isDeparted, ours: placed === undefined ? 0 : 1_209,
    counts: { equal, unchanged, departed: departed.length, modded: modded.length },
    equal: many(equal, (index) => `fonts/regular_${index}.ttf`),
    unchanged: many(unchanged, (index) => `builtin/area_${Math.floor(index / 40)}/part_${String(index % 40).padStart(2, '0')}.lua`),
    departed, modded,
  };
}

/** Versions of a settings file: with `much` a long one, and both sides changed it. */
export function makeTexts(path: string, conflict: boolean, much: boolean): FileTexts {
  const base = ['# Settings', 'fov = 72', 'volume = 5', 'lang = en', ...Array.from({ length: much ? 20_000 : 60 }, (_, index) => `key_${index} = ${index * 7 % 13}`), 'shadows = off'];
  const mine = base.with(1, 'fov = 90').with(30, 'key_26 = 99');
  const isOwn = !path.includes('hud_core');
  const theirs = isOwn ? [...base.with(3, 'lang = de'), 'reflections = on'] : base;
  if (conflict) theirs[1] = 'fov = 110';
  const text = (lines: string[]): string => lines.map((line) => `${line}\n`).join('');
  const merged = conflict ? mine : isOwn ? [...mine.with(3, 'lang = de'), 'reflections = on'] : mine;
  return { base: text(base), mine: text(mine), theirs: text(theirs), merged: text(merged), conflict };
}
