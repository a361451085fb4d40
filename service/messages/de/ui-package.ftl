# Paketseite und das Paket im Inspektor.

package-back = Zurück
package-back-counted = Zurück ({ $place } von { $total })
package-previous = Voriger Treffer
package-next = Nächster Treffer
package-waiting = Das Paket wird gelesen…
package-into = in { $profile }
package-tabs = Über dieses Paket
package-tab-overview = Überblick
package-tab-changes = Neu
new-what = Was neu ist
new-in = Was neu ist in { $title }
package-tab-versions = Versionen
package-tab-needs = Braucht
package-tab-trust = Vertrauen
package-authors = Von { $names }
package-homepage = { $host }
package-code = Quelltext auf { $host }
package-tip = Dem Autor danken auf { $host }

install-sized = Installieren · { $size }
update-sized = Auf { $version } aktualisieren · { $size }
size-of-whole = { $download } von { $whole }
change-to = Zu { $version } wechseln
installed-on = { $version } ist an
installed-off = { $version } ist aus
install-refused = Nicht installierbar. Der Grund steht unten.
incompatible = Nicht für dieses Spiel, sondern für { $game }.
managed-about = Von Steam verwaltet: Steam hat es aus dem Workshop gebracht, hält es aktuell und nimmt es wieder weg. Das Spiel liest es, wo es liegt; Muster zeigt es nur.
version-label = Version zum Installieren
version-yanked = { $version } (zurückgezogen)
version-outside = { $version } (passt nicht)
version-here = Installiert
version-install = Diese installieren
version-withdrawn = Vom Autor zurückgezogen: { $why }
version-unfit = Passt nicht zu deinem Spiel oder zu dem, wofür das Profil ist.

facts-adds = Was die Installation bewirkt
facts-touches-nothing = Sonst ändert sich nichts im Profil.
facts-changes = { $count ->
    [one] { $count } weiterer Mod im Profil ändert sich.
   *[other] { $count } weitere Mods im Profil ändern sich.
}
facts-here = { $size } davon sind schon auf diesem Rechner.
facts-conflicts = Verträgt sich nicht mit { $names }.
fact-license = Lizenz
fact-license-none = Nicht angegeben
fact-source = Quelle
fact-also-in = Auch in { $names }
fact-size = Größe
fact-downloads = Abrufe
fact-updated = Geändert
fact-tags = Schlagwörter
fact-disclosures = Gut zu wissen

needs-nothing = Es braucht nichts weiter.
needs-or = oder
needs-for = für { $features }
needs-present = im Profil

trust-publisher = Herausgeber
trust-seal-about = Das Siegel sagt, wie gut die Quelle diesen Herausgeber kennt. Es geht um Identität, nicht um Sicherheit.
trust-key = Schlüssel des Herausgebers
trust-pinned = Auf diesem Rechner angenommen
trust-presented = Schlüssel, den die Quelle jetzt zeigt
trust-decide = Nichts von { $publisher } kann installiert werden, bis du entscheidest. Vertraue dem neuen Schlüssel nur, wenn der Autor anderswo sagt, dass es seiner ist.
trust-new-key = Dem neuen Schlüssel vertrauen
signature-author-about = Der Autor hat dieses Paket mit dem Schlüssel unten signiert. Jeder Download wird damit verglichen, bevor etwas entpackt wird.
signature-source-hash-about = { $source } gibt keine Signaturen weiter. Was ankommt, wird mit dem Hash verglichen, den { $source } nennt.
signature-none-about = Weder Signatur noch Hash sind dabei. Niemand kann sagen, ob die Datei vom Autor stammt.
signature-rotated-about = Der Autor hat den Schlüssel gewechselt, und der alte bürgt für den neuen.
signature-key-changed-about = Die Quelle zeigt einen anderen Schlüssel als zuvor, und der alte bürgt nicht für ihn. Es könnte jemand anderes sein.
signature-broken-about = Die Datei ist nicht die, die signiert wurde. Sie wird nicht verwendet.
signature-revoked-about = Der Autor hat diesen Schlüssel oder diese Version für ungültig erklärt.
signature-removed-about = { $source } hat dieses Paket zurückgezogen. Installiertes bleibt.
open-collection = Öffnen
open-collection-long = Inhalt ansehen
publisher-all = Alles von diesem Herausgeber
report-open = Melden…
trust-history = Hier gesehene Schlüssel
