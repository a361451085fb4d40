# Zahlen mit Einheiten. $count ist eine ganze Zahl.
format-seconds = { $count } s
format-minutes = { $count } min
format-hours = { $count } h
format-hours-minutes = { $hours } h { $minutes } min
format-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
# $duration ist eine der obigen Angaben.
format-left = etwa { $duration }
format-left-moment = wenige Sekunden
