/** What somebody needs to know who looks into a package: facts as text, to be read, copied and sent by the player alone. Pure. */
import type { PackageDetail, Source } from '$lib/api/api';

/** In English, whatever language the window speaks: the keeper of a source reads it. */
export function reportText(detail: PackageDetail, source: Source | undefined, program: string): string {
  const installed = detail.versions.find(({ installed }) => installed);
  const version = installed ?? detail.versions[0];
  const { key, presented_key, signature } = detail.trust;
  const lines: [string, string | undefined][] = [
    ['package', detail.id],
    ['title', detail.title],
    ['version', version === undefined ? detail.version : `${version.version}${installed === undefined ? '' : ' (installed)'}`],
    ['sha256', version?.sha256],
    ['size', version === undefined ? undefined : `${version.size} bytes`],
    ['published', version?.published],
    ['source', detail.source],
    ['source address', source?.address],
    ['publisher', detail.publisher === '' ? undefined : detail.publisher],
    ['publisher key', key],
    ['key that is shown now', presented_key],
    ['signature', signature],
    ['license', detail.license],
    ['muster', program],
  ];
  return [...lines.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => `${name}: ${value}`), '', 'what is wrong:', ''].join('\n');
}

/** Web pages where somebody may take the report, each host once: of the package, of its code, of the source. */
export function reportPages(detail: PackageDetail, source: Source | undefined): { host: string; address: string }[] {
  const pages = new Map<string, string>();
  for (const address of [detail.source_code, detail.homepage, source?.address]) {
    if (address === undefined || !URL.canParse(address)) continue;
    const { protocol, host } = new URL(address);
    if (protocol === 'https:' && !pages.has(host)) pages.set(host, address);
  }
  return [...pages].map(([host, address]) => ({ host, address }));
}
