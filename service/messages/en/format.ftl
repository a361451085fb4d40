# Numbers with units. $count is a whole number.
format-seconds = { $count } s
format-minutes = { $count } min
format-hours = { $count } h
format-hours-minutes = { $hours } h { $minutes } min
format-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
# $duration is one of the above.
format-left = about { $duration }
format-left-moment = a few seconds
