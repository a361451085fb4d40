/** Features of one package of the mock world, what the player chose of them, and what goes well with it. */
import type { ChangeRequest, ChooseFeature, Feature, PackageKey, PackageRow, PlanFeatures, PlanOffer } from '../api';

interface Part {
  id: string;
  title: string;
  summary: string;
  default: boolean;
  /** Title of the package that it brings. */
  brings: string;
}

const parts: Record<string, Part[]> = {
  'Fog of Trade': [
    { id: 'couriers', title: 'Couriers carry news', summary: 'Prices from far away arrive by ship, days late.', default: true, brings: 'Wind Core' },
    { id: 'portraits', title: 'Faces of the traders', summary: 'Everybody at the market has a portrait.', default: false, brings: 'Merchant Portraits' },
  ],
};
const companions: Record<string, string> = { 'Fog of Trade': 'Quieter Gulls' };

const name = ({ source, id }: PackageKey, feature: string): string => `${source} ${id} ${feature}`;

export class MockFeatures {
  #chosen = new Map<string, boolean>();

  /** Keeps what a change chooses; gives the way back. */
  choose(choices: readonly ChooseFeature[]): () => void {
    const before = new Map(this.#chosen);
    for (const { feature, on, ...target } of choices) {
      if (on === undefined) this.#chosen.delete(name(target, feature));
      else this.#chosen.set(name(target, feature), on);
    }
    return () => (this.#chosen = before);
  }

  of(row: PackageRow, choices: readonly ChooseFeature[] = []): Feature[] {
    return (parts[row.title] ?? []).map(({ brings, ...part }) => {
      const said = choices.find((one) => one.source === row.source && one.id === row.id && one.feature === part.id);
      const kept = this.#chosen.get(name(row, part.id));
      return { ...part, on: (said === undefined ? kept : said.on) ?? part.default, brings: [brings] };
    });
  }

  /** What the features of a package bring, and are needed for. */
  needs(row: PackageRow, rows: PackageRow[], choices: readonly ChooseFeature[]): { row: PackageRow; feature: Feature }[] {
    return this.of(row, choices).flatMap((feature) => {
      const brought = rows.find(({ title }) => title === feature.brings[0]);
      return brought === undefined ? [] : [{ row: brought, feature }];
    });
  }

  plan(request: ChangeRequest, known: (key: PackageKey) => PackageRow): PlanFeatures[] {
    const keys = [...request.install, ...(request.features ?? [])];
    const seen = new Set<string>();
    return keys.flatMap(({ source, id }) => {
      const row = known({ source, id });
      const features = this.of(row, request.features);
      if (features.length === 0 || seen.has(id)) return [];
      seen.add(id);
      return [{ source, id, title: row.title, features }];
    });
  }

  offers(request: ChangeRequest, rows: PackageRow[], known: (key: PackageKey) => PackageRow): PlanOffer[] {
    return request.install.flatMap((wish): PlanOffer[] => {
      const { title } = known(wish);
      const other = rows.find((row) => row.title === companions[title]);
      if (other === undefined || request.install.some(({ id }) => id === other.id)) return [];
      return [{ strength: 'recommended', options: [{ source: other.source, id: other.id, title: other.title }], wanted_by: [title] }];
    });
  }
}
