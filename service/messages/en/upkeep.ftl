# Updates without anybody asking, wherever they are told of.
cause-kept-up = Updated { $titles } by itself
notice-upkeep-removes = { $count ->
    [one] The update would remove { $packages }. That is for you to decide.
   *[other] The update would remove { $count } packages, among them { $packages }. That is for you to decide.
}
notice-upkeep-older = { $count ->
    [one] The update would bring an older version of { $packages }. That is for you to decide.
   *[other] The update would bring older versions of { $count } packages, among them { $packages }. That is for you to decide.
}
notice-upkeep-stranger = The update would bring { $package }, whose publisher is new here. That is for you to decide.
notice-upkeep-game = Updates wait until the game has ended.
notice-upkeep-busy = Updates wait until what goes on with this profile is over.
notice-upkeep-offline = Updates wait until you are online again.
notice-upkeep-room = Updates wait: the cache has no room for them.
