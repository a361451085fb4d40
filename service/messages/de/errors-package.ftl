# Fehler in Paketdateien. $name ist ein Name im Paket, $reason eine Einzelheit für Autoren.

error-package-not-zip = Die Datei ist kein vollständiges Paket.
error-package-not-zip-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-end-record = Das Paket hat ein Ende, das man auf zwei Arten lesen kann.
error-package-end-record-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-multi-disk = Das Paket ist auf mehrere Dateien verteilt.
error-package-multi-disk-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-zip64 = Das Paket benutzt ZIP64, das Pakete unter 4 GiB nicht brauchen.
error-package-zip64-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-directory = Das Verzeichnis des Pakets ist beschädigt.
error-package-directory-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-gap = Das Paket hat Bytes, die zu keiner Datei darin gehören.
error-package-gap-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-overlap = Dateien im Paket überlappen sich.
error-package-overlap-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-too-many-entries = Das Paket hat zu viele Dateien.
error-package-too-many-entries-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-too-large = Das Paket oder sein Inhalt ist größer, als es sein darf.
error-package-too-large-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-order = Die Dateien im Paket sind nicht geordnet.
error-package-order-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-name-encoding = Der Name { $name } im Paket ist nicht als Unicode gekennzeichnet.
error-package-name-encoding-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-duplicate-name = Das Paket hat zwei Dateien mit dem Namen { $name }.
error-package-duplicate-name-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-name-collision = Auf manchen Rechnern ist { $name } dieselbe Datei wie eine andere im Paket.
error-package-name-collision-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-encrypted = { $name } im Paket ist verschlüsselt.
error-package-encrypted-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-method = { $name } ist auf eine Art komprimiert, die Pakete nicht benutzen.
error-package-method-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-flags = { $name } benutzt Eigenschaften von ZIP, die Pakete nicht benutzen dürfen.
error-package-flags-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-extra-field = { $name } hat ein Zusatzfeld, das ihm eine andere Bedeutung geben könnte.
error-package-extra-field-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-special = { $name } im Paket ist eine Verknüpfung, ein Gerät oder ein Ordner.
error-package-special-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-header-mismatch = Das Paket sagt zweierlei über { $name }.
error-package-header-mismatch-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-entry-too-large = { $name } im Paket ist größer, als es sein darf.
error-package-entry-too-large-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-ratio = { $name } würde auf mehr als das 200-Fache wachsen.
error-package-ratio-hint = Es wurde nichts installiert. Das Paket könnte auf verschiedenen Rechnern Verschiedenes bedeuten; sag es dem Autor.

error-package-data = { $name } im Paket ist beschädigt.
error-package-data-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-checksum = { $name } im Paket hat nicht seine Prüfsumme.
error-package-checksum-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-hash = { $name } ist nicht die Datei, die das Manifest des Pakets nennt.
error-package-hash-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-unlisted = Das Paket hat eine Datei { $name }, die sein Manifest nicht nennt.
error-package-unlisted-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-missing-file = Dem Paket fehlt die Datei { $name }, die sein Manifest nennt.
error-package-missing-file-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-size-differs = { $name } hat nicht die Größe, die das Manifest des Pakets nennt.
error-package-size-differs-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-outside = { $name } liegt nicht im Ordner files des Pakets.
error-package-outside-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-path = Der Name { $name } funktioniert nicht auf jedem System.
error-package-path-hint = Es wurde nichts geschrieben. Der Autor muss die Datei umbenennen.

error-package-manifest-missing = Das Paket beginnt nicht mit seinem Manifest.
error-package-manifest-missing-hint = Es wurde nichts installiert. Lade das Paket noch einmal; bleibt es so, sag es dem Autor.

error-package-manifest-too-large = Das Manifest ist größer, als es sein darf.
error-package-manifest-too-large-hint = Es wurde nichts geschrieben. Ist es dein Paket, verbessere das Manifest; sonst sag es dem Autor.

error-package-manifest-syntax = Das Manifest lässt sich nicht lesen ({ $reason }).
error-package-manifest-syntax-hint = Es wurde nichts geschrieben. Ist es dein Paket, verbessere das Manifest; sonst sag es dem Autor.

error-package-manifest-field = Das Manifest hat ein Feld, das nicht passt ({ $reason }).
error-package-manifest-field-hint = Es wurde nichts geschrieben. Ist es dein Paket, verbessere das Manifest; sonst sag es dem Autor.

error-package-manifest-format = Das Paket ist für ein neueres Muster gemacht.
error-package-manifest-format-hint = Es wurde nichts installiert. Aktualisiere Muster und versuche es noch einmal.

error-package-artifact = Daten, die das Paket beschreiben, passen nicht dazu.
error-package-artifact-hint = Daraus wurde nichts installiert. Versuche es später noch einmal; bleibt es so, sag es dem Autor des Pakets.

error-package-cancelled = Wie gewünscht angehalten.
error-package-cancelled-hint = Es blieb nichts zurück. Du kannst jederzeit neu beginnen.
