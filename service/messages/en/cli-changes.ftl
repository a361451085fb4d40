# The terminal: what updates change.
cli-changes-untold = Its source does not say what is new.
cli-changes-nothing = This version does not say what is new.
cli-changes-more = { $count ->
    [one] and { $count } older version
   *[other] and { $count } older versions
}
