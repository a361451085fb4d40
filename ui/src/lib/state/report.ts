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

/** Longest address that is opened outside (the window refuses more than 2 KB). */
const longest = 2_000;

/** A page with one issue to be written, filled in as far as it fits. */
function issue(address: string, [title, body]: [string, string], values: [string, string]): string {
  const page = new URL(address);
  page.searchParams.set(title, values[0]);
  const bare = page.href;
  page.searchParams.set(body, values[1]);
  return page.href.length <= longest ? page.href : bare;
}

/** Where the code of a package lies and issues are taken (GitHub, GitLab, Codeberg), in the form that each accepts. */
function codeForm(address: string | undefined, values: [string, string]): string | undefined {
  const found = /^https:\/\/(github\.com|gitlab\.com|codeberg\.org)\/([\w.-]+)\/([\w.-]+?)(?:\.git)?(?:[/?#].*)?$/.exec(address ?? '');
  if (found === null) return undefined;
  const [, host, owner, name] = found;
  const repository = `https://${host}/${owner}/${name}`;
  return host === 'gitlab.com' ? issue(`${repository}/-/issues/new`, ['issue[title]', 'issue[description]'], values) : issue(`${repository}/issues/new`, ['title', 'body'], values);
}

/** Pages that take reports, filled in, each host once: those of the source first. The player reads and sends them there. */
export function reportForms(detail: PackageDetail, source: Source | undefined, text: string): { host: string; address: string }[] {
  const values: [string, string] = [`${detail.title} (${detail.id})`, text];
  const forms = [
    source?.kind === 'contentdb' ? `https://content.luanti.org/report/?url=${encodeURIComponent(`https://content.luanti.org/packages/${detail.id}/`)}` : undefined,
    source?.kind === 'ckan' ? issue('https://github.com/KSP-CKAN/NetKAN/issues/new', ['title', 'body'], values) : undefined,
    codeForm(detail.source_code, values) ?? codeForm(detail.homepage, values),
  ].filter((one) => one !== undefined);
  const hosts = new Map<string, string>();
  for (const address of forms) if (!hosts.has(new URL(address).host)) hosts.set(new URL(address).host, address);
  return [...hosts].map(([host, address]) => ({ host, address }));
}
