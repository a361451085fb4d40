# Why no set of packages fits; one sentence per fact. $range and $versions are "any" for every version.
# $packages, $options, $known and $sources are lists with commas.
explain-impossible = { $packages } cannot be installed as asked.
explain-wished = { $range ->
    [any] You want { $package }.
   *[other] You want { $package } in version { $range }.
}
explain-pinned = You want exactly { $package } { $version }.
explain-needs = { $versions ->
    [any] { $range ->
        [any] { $package } needs { $dependency }.
       *[other] { $package } needs { $dependency } { $range }.
    }
   *[other] { $range ->
        [any] { $package } { $versions } needs { $dependency }.
       *[other] { $package } { $versions } needs { $dependency } { $range }.
    }
}
explain-needs-any = { $versions ->
    [any] { $package } needs one of these: { $options }.
   *[other] { $package } { $versions } needs one of these: { $options }.
}
explain-needs-for = { $versions ->
    [any] { $range ->
        [any] { $package } needs { $dependency } for its feature “{ $feature }”.
       *[other] { $package } needs { $dependency } { $range } for its feature “{ $feature }”.
    }
   *[other] { $range ->
        [any] { $package } { $versions } needs { $dependency } for its feature “{ $feature }”.
       *[other] { $package } { $versions } needs { $dependency } { $range } for its feature “{ $feature }”.
    }
}
explain-needs-any-for = { $versions ->
    [any] { $package } needs one of these for its feature “{ $feature }”: { $options }.
   *[other] { $package } { $versions } needs one of these for its feature “{ $feature }”: { $options }.
}
explain-needs-itself = { $versions ->
    [any] { $package } needs itself in version { $range }, which it is not.
   *[other] { $package } { $versions } needs itself in version { $range }, which it is not.
}
explain-provided-by = { $package } can stand in for { $dependency }.
explain-conflict = { $versions ->
    [any] { $range ->
        [any] { $package } does not work together with { $other }.
       *[other] { $package } does not work together with { $other } { $range }.
    }
   *[other] { $range ->
        [any] { $package } { $versions } does not work together with { $other }.
       *[other] { $package } { $versions } does not work together with { $other } { $range }.
    }
}
explain-no-common-version = No version of { $package } suits all of them.
explain-no-version = { $range ->
    [any] There is no version of { $package } to choose; there are { $known }.
   *[other] There is no { $package } { $range }; there are { $known }.
}
explain-unknown-package = The source has no { $package }.
explain-only-elsewhere = { $package } is not in this source, only in { $sources }.
explain-source-unreachable = { $package } could not be looked up, because its source cannot be reached.
explain-yanked = { $versions ->
    [any] { $package } was withdrawn by its publisher: { $reason }.
   *[other] { $package } { $versions } was withdrawn by its publisher: { $reason }.
}
explain-other-game = { $game-version ->
    [any] { $versions ->
        [any] { $package } is not made for { $game }.
       *[other] { $package } { $versions } is not made for { $game }.
    }
   *[other] { $versions ->
        [any] { $package } is not made for { $game } { $game-version }.
       *[other] { $package } { $versions } is not made for { $game } { $game-version }.
    }
}
explain-other-platform = { $versions ->
    [any] { $package } is only for { $platforms }; the game of this profile runs on { $platform }.
   *[other] { $package } { $versions } is only for { $platforms }; the game of this profile runs on { $platform }.
}
explain-other-side = { $side ->
    [server] { $versions ->
        [any] { $package } is only for servers.
       *[other] { $package } { $versions } is only for servers.
    }
   *[client] { $versions ->
        [any] { $package } is only for players.
       *[other] { $package } { $versions } is only for players.
    }
}
explain-unripe = { $channel ->
    [dev] { $package } { $versions } is a development version, which you have not allowed.
   *[other] { $package } { $versions } is a test version, which you have not allowed.
}
explain-replaced = { $versions ->
    [any] The source now has other content under the installed version of { $package }, which must never happen.
   *[other] The source now has other content under { $package } { $versions }, which must never happen.
}
explain-held = { $reason ->
    [none] You hold { $package } at { $version }.
   *[other] You hold { $package } at { $version }: { $reason }.
}
explain-more = { $count ->
    [one] { $count } more reason is left out.
   *[other] { $count } more reasons are left out.
}
explain-too-large = There are too many possibilities to try them all.

# Ways out.
explain-one-fix = This would help: { $fix }
explain-fixes = One of these would help:
fix-allow-version = take { $package } { $version } instead.
fix-allow-channel = { $channel ->
    [dev] allow development versions: { $packages }.
   *[other] allow test versions: { $packages }.
}
fix-let-move = hold { $package } no longer.
fix-use-source = take { $package } from { $source }, if you trust it.
fix-without-feature = do without the feature “{ $feature }” of { $package }.
fix-leave-out = do without { $packages }.
