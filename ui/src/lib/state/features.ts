/** Choices of features, as values. */
import type { ChooseFeature, PackageKey } from '$lib/api/api';

export function isSame(a: PackageKey, b: PackageKey): boolean {
  return a.source === b.source && a.id === b.id;
}

/** Choices with one more; what was said of the same feature before counts no more. */
export function chosenAlso(choices: readonly ChooseFeature[], choice: ChooseFeature): ChooseFeature[] {
  return [...choices.filter((one) => !isSame(one, choice) || one.feature !== choice.feature), choice];
}
