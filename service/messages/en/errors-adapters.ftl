# What other services say about packages, and where their files go.
error-adapter-syntax = What this source says about a package cannot be read: { $why }.
error-adapter-syntax-hint = Nothing was changed. Refresh the source later; if it stays like this, tell the people who keep it.
error-adapter-too-large = What this source says about a package is larger than anybody would write by hand.
error-adapter-too-large-hint = Nothing was changed. Tell the people who keep the source.
error-adapter-field = What the source says about { $package } cannot be used ({ $field }): { $why }.
error-adapter-field-hint = Nothing was changed. Tell the people who keep the source; another version may do.
error-adapter-pattern = The source describes the files of { $package } in a way that cannot be read ({ $pattern }): { $why }.
error-adapter-pattern-hint = Nothing was changed. Tell the people who keep the source; another version may do.
error-adapter-effort = The source describes the files of { $package } in a way that takes too long to follow ({ $pattern }).
error-adapter-effort-hint = Nothing was changed. Tell the people who keep the source.
error-adapter-no-match = The archive of { $package } does not hold what the source says: { $wanted }.
error-adapter-no-match-hint = Nothing was changed. Tell the people who keep the source; another version may do.
error-adapter-unsafe-path = { $package } wants a file to go where it may not ({ $path }): { $why }.
error-adapter-unsafe-path-hint = Nothing was changed. Tell the people who keep the source.
error-adapter-twice = Two files of { $package } would be the same file in the game: { $path }.
error-adapter-twice-hint = Nothing was changed. Tell the people who keep the source; another version may do.
