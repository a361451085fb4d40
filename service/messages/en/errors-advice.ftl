# What is refused because of what sources advise against, and what authors of advisories get wrong.
error-advised-against = { $source } advises against { $package } { $version }: { $text }
error-advised-against-hint = { $fixed ->
    [none] Nothing was changed. Choose another version or another package.
   *[other] Nothing was changed. Version { $fixed } is without the fault.
}
error-cli-not-advised = None of your sources advises against { $package }.
error-cli-not-advised-hint = Nothing was changed. Turn it off with muster disable if you want to.
error-cli-advise-missing = { $name } is missing.
error-cli-advise-missing-hint = Nothing was signed. An advisory says how bad it is, one sentence for players, and what it is about.
error-cli-advise-unreadable = { $name } cannot be { $text }.
error-cli-advise-unreadable-hint = Nothing was signed. A hash has 64 hexadecimal digits, a package is written alice/trees@<1.2.0, a version 1.2.0.
