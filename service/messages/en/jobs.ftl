# Phases of a job.
job-phase-waiting = Waiting
job-phase-downloading = Downloading
job-phase-checking = Checking
job-phase-placing = Placing files
job-phase-done = Done
job-phase-failed = Failed
job-phase-cancelled = Cancelled

# How far the repository of a source is.
job-step-asking = Asking the repository what there is
job-step-receiving = Receiving { $objects } of { $total } objects · { $size }
job-step-joining = Putting { $objects } of { $total } objects together · { $size }

# Why a generation of a profile exists. $titles are names of packages, separated by commas.
cause-install = Installed { $titles }
cause-remove = Removed { $titles }
cause-update = Updated { $titles }
cause-enable = Turned on { $titles }
cause-order = Changed the load order
cause-disable = Turned off { $titles }
cause-undo = Went back to state { $generation }
cause-vanilla = Removed everything Muster had placed
cause-repair = Repaired files
cause-activate = Placed as the active profile
cause-keep-mine = Kept your versions of changed files
cause-keep-theirs = Put the packages' files back
cause-keep-both = Kept your changes beside those of the packages
cause-bring-back = Brought back { $files }
cause-adopt = Adopted { $titles }
cause-shared = Made equal to { $titles }
cause-clone = Copied from { $profile }
cause-created = Before Muster changed anything

# Why a snapshot of saves exists, beside the change that it was taken before.
cause-by-hand = taken by hand
cause-before-restore = before snapshot { $number } was brought back

# What a plan points out before it is agreed to.
notice-new-publisher = This is the first package from { $publisher } here.
notice-first-seen = { $count ->
    [one] { $packages } comes without a checksum from its source. Muster takes it from the source itself, remembers what came, and accepts nothing else for this version later.
   *[other] { $count } packages come without a checksum from their source, among them { $packages }. Muster takes them from the source itself, remembers what came, and accepts nothing else for these versions later.
}
notice-changed-by-hand = { $count ->
    [one] { $count } file was changed by hand and stays as it is: { $files }
   *[other] { $count } files were changed by hand and stay as they are, among them { $files }
}
