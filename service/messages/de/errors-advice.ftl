# Was wegen Warnungen von Quellen verweigert wird, und was Verfasser von Warnungen falsch machen.
error-advised-against = { $source } warnt vor { $package } { $version }: { $text }
error-advised-against-hint = { $fixed ->
    [none] Nichts wurde geändert. Wähle eine andere Version oder ein anderes Paket.
   *[other] Nichts wurde geändert. Version { $fixed } hat den Fehler nicht.
}
