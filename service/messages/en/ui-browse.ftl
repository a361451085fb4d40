# Browse.

browse-title = Browse mods for { $game }
browse-count = { $total } of { $all }
browse-sort = Order
browse-list = Packages
browse-spoken = { $count ->
    [0] Nothing found
    [one] { $count } result
   *[other] { $count } results
}
browse-row = { $title } by { $publisher }, { $state }, { $size }
browse-waiting = Reading the catalog of your sources…
browse-stopped = The Muster service is not running, so there is nothing to show yet. Start it in the bar below.
browse-no-sources = There are no sources yet, so there is nothing to browse.
browse-empty = Your sources have no mods for { $game } yet.
browse-to-sources = Go to Sources
browse-elsewhere = { $count ->
    [one] Show { $game }: { $count } package
   *[other] Show { $game }: { $count } packages
}
browse-nothing = Nothing matches “{ $words }”.
browse-clear = Clear all
browse-did-you-mean = Did you mean “{ $word }”?
install-tip = Install { $title } with what it needs · I
sort-relevance = Best match
sort-downloads = Most downloaded
sort-trending = Trending
sort-newest = Newest
sort-updated = Recently updated
sort-name = Name
filters = Filters
facet-kind = Kind
facet-tag = Tag
facet-license = License
facet-platform = Platform
facet-platform-linux = Linux
facet-platform-windows = Windows
facet-platform-macos = macOS
facet-side = For
facet-side-client = Players only
facet-side-server = Servers only
facet-side-both = Players and servers
facet-trust = Publisher
facet-source = Source
facet-is = Installed
facet-not = not
facet-remove = Remove this filter
facet-remove-named = Remove the filter { $value }
facet-value = { $value }, { $count }, { $state }
facet-state-off = off
facet-state-include = only these
facet-state-exclude = without these
facet-next-off = Show only these
facet-next-include = Leave these out
facet-next-exclude = Remove this filter
facet-trust-unverified = Unverified
facet-trust-verified = Verified
facet-trust-trusted = Trusted
facet-trust-featured = Featured
facet-is-featured = Featured
facet-is-installed = Installed
facet-is-updatable = Update available
suggested-row = Chosen by { $source }: { $text }
suggested-trend = +{ $gain } downloads at { $source } since { $since } · { $text }
