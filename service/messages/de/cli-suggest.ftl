# Was Quellen empfehlen und was gefragt ist, im Terminal. $text ist der Satz der Quelle.
cli-search-featured = Ausgesucht von { $source }: { $text }
cli-search-trend = +{ $gain } Abrufe bei { $source } seit { $since }
cli-feature-none = Nichts ist ausgesucht.
cli-feature-until = bis { $time }
