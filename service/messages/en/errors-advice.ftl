# What is refused because of what sources advise against, and what authors of advisories get wrong.
error-advised-against = { $source } advises against { $package } { $version }: { $text }
error-advised-against-hint = { $fixed ->
    [none] Nothing was changed. Choose another version or another package.
   *[other] Nothing was changed. Version { $fixed } is without the fault.
}
