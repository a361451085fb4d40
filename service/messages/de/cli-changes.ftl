# Das Terminal: was Aktualisierungen ändern.
cli-changes-untold = Seine Quelle sagt nicht, was neu ist.
cli-changes-nothing = Diese Version sagt nicht, was neu ist.
cli-changes-more = { $count ->
    [one] und { $count } ältere Version
   *[other] und { $count } ältere Versionen
}
