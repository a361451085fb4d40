# A publisher's page, and the report about a package.

place-publisher = Publisher
publisher-in = in { $source }
publisher-since = Known here
publisher-not-yet = not yet: the key is remembered with the first install
publisher-history = History
publisher-rotated = The key changed once, and the old key agreed to it.
publisher-revoked = The owner withdrew this key. Nothing new is taken from it.
publisher-no-key = { $source } signs nothing by its publishers, so there is no key to know them by.
publisher-tips-about = These pages open outside. Muster takes no payment and no cut.
publisher-packages = Packages of { $publisher }
publisher-waiting = Reading what this publisher has…
publisher-nothing = { $source } has nothing of { $publisher } for this game.
publisher-count = { $count ->
    [one] { $count } package in { $source }
   *[other] { $count } packages in { $source }
}
report-title = Report “{ $title }”
report-about = These are the facts that somebody needs who looks into it. Add what is wrong. Nothing is sent from here: you copy it and send it yourself.
report-facts = Facts for the report
report-where = Its source names no address for reports. These pages belong to the package and to its source:
report-nowhere = Neither the package nor its source names a web page. Send it to whoever gave you this source.
report-page = Open { $host }
report-copy = Copy the facts
report-copied = Copied
report-forms = A report is taken here. The facts are filled in as far as they fit; you read it there before you send it:
report-form = Write it at { $host }
report-also = These pages belong to the package and to its source:
report-only = Neither the package nor its source names another web page.
