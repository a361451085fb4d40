# All updates of a profile in one sheet.
updates-title = Update { $profile }?
updates-list = Updates
updates-none = Nothing is left to update.
updates-waiting = Looking what that changes…
updates-chosen = { $count } of { $all } chosen
updates-download = { $size } to download
updates-all = All of them
updates-stays = Stays at { $version }: what else is here does not go with the newer one.
updates-here = is here
updates-skip = Skip this version
updates-skip-of = Skip this version: { $title } { $version }
updates-hold = Hold…
updates-hold-of = Hold… { $title }
updates-unhold-of = Stop holding: { $title }
updates-along = What comes with them
updates-left = Stays as it is
updates-skipped = You skip this version. A newer one will be offered again.
updates-unskip = Offer it again
updates-unskip-of = Offer it again: { $title }
updates-keep = Not now
updates-do = { $count ->
    [one] Update · { $size }
   *[other] Update { $count } · { $size }
}
done-skipped = { $version } of { $title } is not offered any more.
done-unskipped = { $title } is offered again.
