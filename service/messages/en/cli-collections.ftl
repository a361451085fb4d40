# The terminal: collections.
cli-collection-none = { $profile } has no collection. Find some with: muster search kind:collection
cli-collection-here = there
cli-collection-comes = comes
cli-collection-goes = goes
cli-collection-yours = yours, stays as it is
cli-collection-taken-out = you took it out
cli-collection-left-out = left out by you; take it in with --with
cli-collection-not-chosen = not chosen
cli-collection-other-side = only for the other side of a network game than this profile
cli-collection-missing = in no source in such a version; asked for again later
cli-collection-no-source = needs the source { $source }
