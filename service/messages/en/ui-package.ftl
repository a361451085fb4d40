# Package page and the package in the inspector.

package-back = Back
package-back-counted = Back ({ $place } of { $total })
package-previous = Previous result
package-next = Next result
package-waiting = Reading this package…
package-into = into { $profile }
package-tabs = About this package
package-tab-overview = Overview
package-tab-changes = What is new
new-what = What is new
new-in = What is new in { $title }
package-tab-versions = Versions
package-tab-needs = Needs
package-tab-trust = Trust
package-authors = By { $names }
package-homepage = { $host }
package-code = Source code on { $host }
package-tip = Tip the author on { $host }

install-sized = Install · { $size }
update-sized = Update to { $version } · { $size }
# What is to be downloaded, of all there is; the rest is on this disk already.
size-of-whole = { $download } of { $whole }
change-to = Change to { $version }
installed-on = { $version } is on
installed-off = { $version } is off
install-refused = Cannot be installed. The reason is below.
incompatible = Not for this game. Made for { $game }.
managed-about = Managed by Steam: it brought this item from the Workshop, keeps it up to date and takes it away. The game reads it where it lies; Muster only shows it.
version-label = Version to install
version-yanked = { $version } (withdrawn)
version-outside = { $version } (does not fit)
version-here = Installed
version-install = Install this
version-withdrawn = Withdrawn by its author: { $why }
version-unfit = Does not fit your game or what the profile is for.

facts-adds = What installing does
facts-touches-nothing = Nothing else in the profile changes.
facts-changes = { $count ->
    [one] { $count } other mod in the profile changes.
   *[other] { $count } other mods in the profile change.
}
facts-here = { $size } of it is on this machine already.
facts-conflicts = Does not work together with { $names }.
fact-license = License
fact-license-none = Not stated
fact-source = Source
fact-also-in = Also in { $names }
fact-size = Size
fact-downloads = Downloads
fact-updated = Updated
fact-tags = Tags
fact-disclosures = Good to know

needs-nothing = It needs nothing else.
needs-or = or
needs-for = for { $features }
needs-present = in the profile

trust-publisher = Publisher
trust-seal-about = The seal says how well the source knows this publisher. It is about identity, not about safety.
trust-key = Key of the publisher
trust-pinned = Accepted on this machine
trust-presented = Key that the source shows now
trust-decide = Nothing of { $publisher } can be installed until you decide. Trust the new key only if the author says elsewhere that it is theirs.
trust-new-key = Trust the new key
signature-author-about = The author signed this package with the key below. Every download is checked against it before anything is unpacked.
signature-source-hash-about = { $source } does not pass on signatures. What arrives is compared with the hash that { $source } names.
signature-none-about = Neither a signature nor a hash came with it. Nobody can tell whether the file is the author’s.
signature-rotated-about = The author changed the key, and the old key vouches for the new one.
signature-key-changed-about = The source shows another key than before, and the old key does not vouch for it. It may be somebody else.
signature-broken-about = The file is not the one that was signed. It is not used.
signature-revoked-about = The author declared this key or version invalid.
signature-removed-about = { $source } withdrew this package. What is installed stays.
open-collection = Open
open-collection-long = See what is in it
publisher-all = All by this publisher
report-open = Report…
trust-history = Keys seen here
