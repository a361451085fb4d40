# Browse: what sources feature and what trends, above the list.

suggested-featured = Featured
suggested-trending = Trending
suggested-by = chosen by { $source }
suggested-by-several = chosen by your sources
suggested-counted-by = since { $since } at { $source }
suggested-counted-by-several = since { $since } at your sources
suggested-gain = +{ $gain } downloads
suggested-all = See all
suggested-all-featured = See all that is featured
suggested-all-trending = See all that is trending
