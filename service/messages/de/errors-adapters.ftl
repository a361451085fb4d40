# Was andere Dienste über Pakete sagen, und wohin deren Dateien kommen.
error-adapter-syntax = Was diese Quelle über ein Paket sagt, lässt sich nicht lesen: { $why }.
error-adapter-syntax-hint = Nichts wurde geändert. Frische die Quelle später auf; wenn es so bleibt, sage es denen, die sie pflegen.
error-adapter-too-large = Was diese Quelle über ein Paket sagt, ist größer, als es jemand von Hand schreiben würde.
error-adapter-too-large-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen.
error-adapter-field = Was die Quelle über { $package } sagt, lässt sich nicht benutzen ({ $field }): { $why }.
error-adapter-field-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen; vielleicht geht eine andere Version.
error-adapter-pattern = Die Quelle beschreibt die Dateien von { $package } auf unlesbare Weise ({ $pattern }): { $why }.
error-adapter-pattern-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen; vielleicht geht eine andere Version.
error-adapter-effort = Die Quelle beschreibt die Dateien von { $package } so, dass die Suche zu lange dauert ({ $pattern }).
error-adapter-effort-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen.
error-adapter-no-match = Im Archiv von { $package } ist nicht, was die Quelle nennt: { $wanted }.
error-adapter-no-match-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen; vielleicht geht eine andere Version.
error-adapter-unsafe-path = { $package } will eine Datei dorthin legen, wo sie nicht hin darf ({ $path }): { $why }.
error-adapter-unsafe-path-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen.
error-adapter-twice = Zwei Dateien von { $package } wären im Spiel dieselbe: { $path }.
error-adapter-twice-hint = Nichts wurde geändert. Sage es denen, die die Quelle pflegen; vielleicht geht eine andere Version.
