# What is new in a package, on its page.
changes-waiting = Reading what is new…
changes-untold = Its source does not say what is new in a version.
changes-newest = You have the newest version.
changes-none-between = No newer version lies between these two.
changes-lately = The latest versions, newest first.
changes-since = What you get with { $to }, from { $from } on; newest first.
changes-nothing = This version does not say what is new.
changes-more = { $count ->
    [one] and { $count } older version
   *[other] and { $count } older versions
}
