/** What versions of packages of the mock world say is new in them. */
import type { Changes, PackageDetail } from '../api';

const texts = ['<ul><li>Lamps burn <em>brighter</em> at night</li><li>Fewer moths</li></ul>', undefined, '<p>Repairs what the last version broke: <code>/light</code> answers again.</p>'];

export function makeChanges({ source, id, title, version, versions }: PackageDetail, installed: string | undefined): Changes {
  const here = versions.findIndex((one) => one.version === installed);
  const newer = versions.slice(0, here === -1 ? 2 : here);
  return {
    source, id, title, to: version, more: 0, told: true, ...(installed !== undefined && { from: installed }),
    versions: newer.map((one, index) => {
      const html = texts[index % texts.length];
      return { version: one.version, ...(one.published !== undefined && { published: one.published }), ...(html !== undefined && { html, text: html }) };
    }),
  };
}
