# Warum keine Zusammenstellung passt; ein Satz je Tatsache. $range und $versions sind „any“ für jede Version.
# $packages, $options, $known und $sources sind Listen mit Kommas.
explain-impossible = { $packages } lässt sich so nicht installieren.
explain-wished = { $range ->
    [any] Du möchtest { $package }.
   *[other] Du möchtest { $package } in Version { $range }.
}
explain-pinned = Du möchtest genau { $package } { $version }.
explain-needs = { $versions ->
    [any] { $range ->
        [any] { $package } braucht { $dependency }.
       *[other] { $package } braucht { $dependency } { $range }.
    }
   *[other] { $range ->
        [any] { $package } { $versions } braucht { $dependency }.
       *[other] { $package } { $versions } braucht { $dependency } { $range }.
    }
}
explain-needs-any = { $versions ->
    [any] { $package } braucht eines von diesen: { $options }.
   *[other] { $package } { $versions } braucht eines von diesen: { $options }.
}
explain-needs-for = { $versions ->
    [any] { $range ->
        [any] { $package } braucht { $dependency } für seine Funktion „{ $feature }“.
       *[other] { $package } braucht { $dependency } { $range } für seine Funktion „{ $feature }“.
    }
   *[other] { $range ->
        [any] { $package } { $versions } braucht { $dependency } für seine Funktion „{ $feature }“.
       *[other] { $package } { $versions } braucht { $dependency } { $range } für seine Funktion „{ $feature }“.
    }
}
explain-needs-any-for = { $versions ->
    [any] { $package } braucht für seine Funktion „{ $feature }“ eines von diesen: { $options }.
   *[other] { $package } { $versions } braucht für seine Funktion „{ $feature }“ eines von diesen: { $options }.
}
explain-needs-itself = { $versions ->
    [any] { $package } braucht sich selbst in Version { $range }, die es nicht ist.
   *[other] { $package } { $versions } braucht sich selbst in Version { $range }, die es nicht ist.
}
explain-provided-by = { $package } kann für { $dependency } einspringen.
explain-conflict = { $versions ->
    [any] { $range ->
        [any] { $package } verträgt sich nicht mit { $other }.
       *[other] { $package } verträgt sich nicht mit { $other } { $range }.
    }
   *[other] { $range ->
        [any] { $package } { $versions } verträgt sich nicht mit { $other }.
       *[other] { $package } { $versions } verträgt sich nicht mit { $other } { $range }.
    }
}
explain-no-common-version = Keine Version von { $package } passt zu allen.
explain-no-version = { $range ->
    [any] Es gibt keine wählbare Version von { $package }; es gibt { $known }.
   *[other] Es gibt kein { $package } { $range }; es gibt { $known }.
}
explain-unknown-package = Die Quelle hat kein { $package }.
explain-only-elsewhere = { $package } ist nicht in dieser Quelle, nur in { $sources }.
explain-source-unreachable = { $package } konnte nicht nachgesehen werden, weil seine Quelle nicht erreichbar ist.
explain-yanked = { $versions ->
    [any] { $package } wurde vom Herausgeber zurückgezogen: { $reason }.
   *[other] { $package } { $versions } wurde vom Herausgeber zurückgezogen: { $reason }.
}
explain-other-game = { $game-version ->
    [any] { $versions ->
        [any] { $package } ist nicht für { $game } gemacht.
       *[other] { $package } { $versions } ist nicht für { $game } gemacht.
    }
   *[other] { $versions ->
        [any] { $package } ist nicht für { $game } { $game-version } gemacht.
       *[other] { $package } { $versions } ist nicht für { $game } { $game-version } gemacht.
    }
}
explain-other-platform = { $versions ->
    [any] { $package } gibt es nur für { $platforms }; das Spiel dieses Profils läuft auf { $platform }.
   *[other] { $package } { $versions } gibt es nur für { $platforms }; das Spiel dieses Profils läuft auf { $platform }.
}
explain-other-side = { $side ->
    [server] { $versions ->
        [any] { $package } ist nur für Server.
       *[other] { $package } { $versions } ist nur für Server.
    }
   *[client] { $versions ->
        [any] { $package } ist nur für Spieler.
       *[other] { $package } { $versions } ist nur für Spieler.
    }
}
explain-unripe = { $channel ->
    [dev] { $package } { $versions } ist eine Entwicklungsversion, die du nicht erlaubt hast.
   *[other] { $package } { $versions } ist eine Testversion, die du nicht erlaubt hast.
}
explain-replaced = { $versions ->
    [any] Die Quelle hat jetzt anderen Inhalt unter der installierten Version von { $package }; das darf nie geschehen.
   *[other] Die Quelle hat jetzt anderen Inhalt unter { $package } { $versions }; das darf nie geschehen.
}
explain-held = { $reason ->
    [none] Du hältst { $package } bei { $version } fest.
   *[other] Du hältst { $package } bei { $version } fest: { $reason }.
}
explain-more = { $count ->
    [one] { $count } weiterer Grund ist weggelassen.
   *[other] { $count } weitere Gründe sind weggelassen.
}
explain-too-large = Es gibt zu viele Möglichkeiten, um alle zu versuchen.

# Auswege.
explain-one-fix = Das würde helfen: { $fix }
explain-fixes = Eines davon würde helfen:
fix-allow-version = stattdessen { $package } { $version } nehmen.
fix-allow-channel = { $channel ->
    [dev] Entwicklungsversionen erlauben: { $packages }.
   *[other] Testversionen erlauben: { $packages }.
}
fix-let-move = { $package } nicht mehr festhalten.
fix-use-source = { $package } aus { $source } nehmen, wenn du ihr vertraust.
fix-without-feature = auf die Funktion „{ $feature }“ von { $package } verzichten.
fix-leave-out = auf { $packages } verzichten.
