# Collections: those of a profile, those that sources offer, and one of them with its difference.

collections-here = In { $profile }
collections-lists = Lists
collections-packs = Packs
collections-about-here = What you applied. It gets updates as one, and what you took out stays out.
collections-about-lists = Lists name packages to pick from; their versions move with updates.
collections-about-packs = Packs are one unit: the exact versions that were tested together.
collections-waiting = Reading the collections…
collections-none-here = This profile has no collection yet. A list or a pack brings many mods in one step, and can be taken out in one.
collections-none-lists = Your sources offer no lists for this game.
collections-none-packs = Your sources offer no packs for this game.
collections-find = Find a list
collection-open = See what is in it
collection-see-update = See the update
collection-update = version { $version } is there
collection-busy = being applied
collection-here = in the profile
collection-unread = Its list cannot be read right now
collection-count-other-side = { $count } for the other side only
collection-count-missing = { $count } that no source has
collection-count-goes = { $count } to go
collection-count-comes = { $count } to come
collection-count-not-chosen = { $count } not chosen
collection-count-taken-out = { $count } taken out by you
collection-count-left-out = { $count } left out by you
collection-count-yours = { $count } in your own version
collection-count-here = { $count } here
collection-is-new = Not in { $profile } yet. This is version { $to }.
collection-is-update = { $profile } has version { $from }. Version { $to } is there.
collection-is-offers = { $profile } has version { $to }. Some of it can come now.
collection-is-whole = { $profile } has version { $to }.
collection-do-new = Apply…
collection-do-update = Update to { $to }…
collection-do-offers = Bring what can come…
collection-about = About it
collection-leave = Leave it…
collection-members = What is in it
collection-foot = Space chooses a package or leaves it out. Nothing changes before you apply.
collection-no-source = { $count ->
    [one] { $count } package is in the source { $source }, which you do not have.
   *[other] { $count } packages are in the source { $source }, which you do not have.
}
collection-waiting = Reading what is in it, and what would change…
collection-empty = Nothing is in this version of it.
collection-looking = Looking what would change…
collection-apply-title = Apply “{ $title }” to { $profile }?
collection-update-title = Update “{ $title }” to { $to } in { $profile }?
collection-leave-title = Take “{ $title }” out of { $profile }?
collection-leave-keep = The mods that it brought stay, as your own
collection-only-list = No mod changes, only the list
collection-keeps = { $count } stay as they are
collection-comes-without = { $count ->
    [one] Without { $names }: no source has it in a version that fits. It is asked for again with the next update.
   *[other] Without { $count } that no source has in a version that fits ({ $names }). They are asked for again with the next update.
}
collection-left-out = Left out by you, also with the next updates:
collection-take-in = Take it in
collection-take-in-one = Take it in: { $title }
collection-keep = Keep as is
collection-do-apply = Apply · { $size }
collection-do-leave = Take it out
collection-applying = Applying { $title }
collection-applied = Applied { $title }
collection-leaving = Taking { $title } out
collection-left = Took { $title } out
member-row = { $title }, { $state }, wanted: { $range }, in the profile: { $version }
member-column-chosen = Wanted
member-column-range = Wanted version
member-column-version = In the profile
member-column-state = What becomes of it
member-wanted = { $title } is wanted
member-optional = your choice
member-choose = Choose it
member-leave-out = Leave it out
member-moves = changes its version
member-here = here
member-comes = comes
member-goes = goes
member-yours = your own version stays
member-taken-out = you took it out
member-left-out = left out by you
member-not-chosen = not chosen
member-other-side = only for the other side, stays out
member-missing = in no source, asked for later
member-no-source = needs a source that you do not have
