/** What lies in the mock machine's folders before anybody takes it over, and what the disks hold. */
import type { AdoptedMod, AdoptionChoice, AdoptionPlan, DiskUsage, ManagedProfile, YoursEntry } from '../api';

const base = { game: 'saltmere', game_title: 'Saltmere', game_found: true };

export const managed: ManagedProfile[] = [
  { ...base, manager: 'r2modman', name: 'Harbour nights', path: '/home/ada/.config/r2modmanPlus-local/Saltmere/profiles/Harbour nights', mods: 14 },
  { ...base, manager: 'gale', name: 'Default', path: '/home/ada/.local/share/com.kesomannen.gale/saltmere/profiles/Default', mods: 1 },
  { ...base, manager: 'gale', game: 'iron-orchard', game_title: 'Iron Orchard', name: 'Crew', path: '/home/ada/.local/share/com.kesomannen.gale/iron-orchard/profiles/Crew', mods: 22 },
];

const store = 'thunderstore:saltmere';
const mod = (name: string, title: string, version: string | undefined, more: Partial<AdoptedMod> = {}): AdoptedMod => ({
  place: 'mods', name, title, files: 3 + name.length, size: 48_000 + name.length * 91_000, ...(version !== undefined && { version }), ...more,
});

function adopted(choice: AdoptionChoice, much: boolean): AdoptedMod[] {
  if (choice.what === 'chosen') return [mod('paper_boats', 'Paper Boats', undefined)];
  const key = (id: string): { source: string; id: string } => ({ source: store, id });
  const found = [
    mod('Ada-Brass_Fonts', 'Brass Fonts', '2.2.0', { package: key('Ada-Brass_Fonts') }),
    mod('Bo-Harbour_Bells', 'Harbour Bells', '0.1.0', { known_as: key('Bo-Harbour_Bells') }),
    mod('Cy-Quieter_Gulls', 'Quieter Gulls', '1.4.2', { known_as: key('Cy-Quieter_Gulls') }),
    mod('handmade', 'By Hand', '2.1.0'),
  ];
  for (let index = 0; much && index < 300; index += 1) found.push(mod(`Dee-Quarter_${index}`, `Quarter ${index}`, `1.0.${index}`, { known_as: key(`Dee-Quarter_${index}`) }));
  return found;
}

export function makeAdoption(choice: AdoptionChoice, profile: string | undefined, much: boolean): AdoptionPlan {
  const copied = choice.what === 'managed';
  const yours: YoursEntry[] = choice.what === 'chosen' ? [] : [
    { place: 'mods', name: 'old_lights', files: 12, size: 940_000, why: copied ? 'off' : 'unknown' },
    { place: 'mods', name: 'linked', files: 2, size: 900, why: 'odd' },
  ];
  return {
    game: 'saltmere', digest: JSON.stringify(choice), adopted: adopted(choice, much), yours, managed: choice.what === 'places' ? 44 : 0, copied,
    ...(profile !== undefined && { profile }),
  };
}

export function makeDisk(empty: boolean): DiskUsage {
  const stores = empty
    ? [{ folder: '/home/ada/.local/share/muster/trees', away: false, packages: 0, unique: 0, shared: 0, history: 0, reclaimable: 0 }]
    : [
        { folder: '/home/ada/.local/share/muster/trees', away: false, packages: 51, unique: 1_840_000_000, shared: 620_000_000, history: 310_000_000, reclaimable: 48_000_000 },
        { folder: '/games/.muster-store-4f1c', away: false, packages: 44, unique: 980_000_000, shared: 0, history: 120_000_000, reclaimable: 0 },
        { folder: '/media/ada/old-disk/.muster-store-4f1c', away: true, packages: 0, unique: 0, shared: 0, history: 0, reclaimable: 0 },
      ];
  return { stores, archives: { folder: '/home/ada/.cache/muster', archives: empty ? 0 : 63, size: empty ? 0 : 1_210_000_000, unfinished: empty ? 0 : 14_000_000, reclaimable: empty ? 0 : 640_000_000 } };
}
