# What sources feature and what trends, in the terminal. $text is the source's own sentence.
cli-search-featured = Chosen by { $source }: { $text }
cli-search-trend = +{ $gain } downloads at { $source } since { $since }
cli-feature-none = Nothing is featured.
cli-feature-until = until { $time }
