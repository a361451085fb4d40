# Das Terminal: Sammlungen.
cli-collection-none = { $profile } hat keine Sammlung. Finde welche mit: muster search kind:collection
cli-collection-here = da
cli-collection-comes = kommt
cli-collection-goes = geht
cli-collection-yours = deins, bleibt, wie es ist
cli-collection-taken-out = hast du herausgenommen
cli-collection-left-out = von dir weggelassen; hol es mit --with herein
cli-collection-not-chosen = nicht gewählt
cli-collection-other-side = nur für die andere Seite als dieses Profil
cli-collection-missing = in keiner Quelle in so einer Fassung; wird später wieder gefragt
cli-collection-no-source = braucht die Quelle { $source }
