# Fehler bei Dateien und Ordnern. $path ist die Datei, $reason die Meldung des Systems.

error-file-no-space = Für { $path } ist kein Platz mehr frei.
error-file-no-space-hint = Es wurde nichts beschädigt. Schaffe Platz auf diesem Laufwerk und versuche es noch einmal.

error-file-permission = { $path } darf nicht gelesen oder geändert werden.
error-file-permission-hint = Es wurde nichts geändert. Prüfe, ob die Datei dir gehört und kein anderes Programm sie schützt, und versuche es noch einmal.

error-file-missing = { $path } ist nicht da.
error-file-missing-hint = Es wurde nichts geändert. Falls die Datei verschoben oder gelöscht wurde, lege sie zurück oder lass Muster seine Dateien prüfen.

error-file-exists = { $path } gibt es schon.
error-file-exists-hint = Die vorhandene Datei blieb, wie sie ist. Verschiebe sie oder wähle einen anderen Namen und versuche es noch einmal.

error-file-read-only = { $path } liegt auf einem Laufwerk, das nur gelesen werden kann.
error-file-read-only-hint = Es wurde nichts geändert. Wähle einen Ordner auf einem anderen Laufwerk oder mache dieses beschreibbar.

error-file-busy = { $path } wird von einem anderen Programm benutzt.
error-file-busy-hint = Es wurde nichts geändert. Beende das Spiel oder das Programm, das die Datei benutzt, und versuche es noch einmal.

error-file-too-long = Der Pfad { $path } ist zu lang für dieses Laufwerk.
error-file-too-long-hint = Es wurde nichts geändert. Wähle einen Ordner mit einem kürzeren Pfad.

error-file-link = { $path } ist eine Verknüpfung oder eine besondere Datei, wo eine einfache Datei oder ein Ordner sein muss.
error-file-link-hint = Es wurde nichts hindurch geschrieben. Ersetze sie durch eine einfache Datei oder einen Ordner und versuche es noch einmal.

error-file-shape = { $path } ist nicht das Erwartete: ein Ordner statt einer Datei, umgekehrt, oder ein Ordner, der nicht leer ist.
error-file-shape-hint = Es wurde nichts geändert. Verschiebe ihn und versuche es noch einmal.

error-file-too-large = { $path } ist größer, als es sein darf.
error-file-too-large-hint = Die Datei wurde nicht gelesen. Prüfe, ob es die richtige ist.

error-file-name = { $path } hat einen Namen, der nicht sicher benutzt werden kann.
error-file-name-hint = Es wurde nichts geändert. Benenne die Datei oder den Ordner um und versuche es noch einmal.

error-file-other-volume = { $path } kann nicht verschoben werden, weil es auf einem anderen Laufwerk liegt.
error-file-other-volume-hint = Es wurde nichts geändert. Wähle einen Ordner auf demselben Laufwerk.

error-file-other = { $path } konnte nicht benutzt werden: { $reason }.
error-file-other-hint = Es ging nichts verloren. Versuche es noch einmal; geschieht es wieder, prüfe das Laufwerk.
