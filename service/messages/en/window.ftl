# Questions that the window asks in windows of the desktop.
window-add-game = Add { $title }?
window-add-game-about =
    When you press Play, Muster will start
    { $program }
    and put mods into
    { $folder }
window-add-game-yes = Add the game
window-add-game-no = Leave it
window-remove-game = Forget { $title }?
window-remove-game-about = Muster forgets where { $title } is. The game itself and what is in its folders stay as they are.
window-remove-game-yes = Forget it
window-remove-game-no = Keep it
window-choose-program = Program that starts the game
window-choose-folder = Folder that the game takes mods from
window-choose-adoption = Folder with mods, or of another program's profile
window-choose-file = Mod or shared profile
window-ask-address = Ask this address?
window-ask-address-about =
    Muster will fetch what is at
    { $address }
    and show you what it would change. Whoever runs it sees your network address.
window-ask-address-yes = Fetch it
window-ask-address-no = Leave it
