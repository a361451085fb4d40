# Was wegen Warnungen von Quellen verweigert wird, und was Verfasser von Warnungen falsch machen.
error-advised-against = { $source } warnt vor { $package } { $version }: { $text }
error-advised-against-hint = { $fixed ->
    [none] Nichts wurde geändert. Wähle eine andere Version oder ein anderes Paket.
   *[other] Nichts wurde geändert. Version { $fixed } hat den Fehler nicht.
}
error-cli-not-advised = Keine deiner Quellen warnt vor { $package }.
error-cli-not-advised-hint = Nichts wurde geändert. Mit muster disable kannst du es trotzdem ausschalten.
error-cli-advise-missing = { $name } fehlt.
error-cli-advise-missing-hint = Nichts wurde unterschrieben. Eine Warnung sagt, wie schlimm es ist, einen Satz für Spieler, und worum es geht.
error-cli-advise-unreadable = { $name } kann nicht { $text } sein.
error-cli-advise-unreadable-hint = Nichts wurde unterschrieben. Ein Hash hat 64 hexadezimale Ziffern, ein Paket schreibt man alice/trees@<1.2.0, eine Version 1.2.0.
