# Asking the service. $detail is technical and in English.
# error-service-unreachable is in errors-ui.ftl; the terminal has a hint of its own in cli.ftl.
error-service-not-found = The program muster-service is missing.
error-service-not-found-hint = It belongs into the same folder as this program. Install Muster again; your mods and settings stay.
error-window-not-found = The program of the window, muster-app, is missing.
error-window-not-found-hint = It belongs into the same folder as this program. Where Muster was installed without a window, everything can be done in the terminal ('muster --help').
error-window-start = The window could not be opened: { $detail }
error-window-start-hint = Everything can be done in the terminal meanwhile ('muster --help'). Installing Muster again brings a new program; your mods and settings stay.
error-service-start = Muster's service could not be started: { $detail }
error-service-start-hint = Nothing was changed. Look into its log file, or start muster-service in a terminal to see why.
error-service-protocol = Muster's service answered in a way that was not understood ({ $detail }).
error-service-protocol-hint = Window, terminal and service may be of different versions. End the service with muster stop and try again.
error-service-other-version = Muster's service is of another version: it speaks { $min } to { $max }.
error-service-other-version-hint = End the service with muster stop; the next command starts the right one. Your mods stay as they are.
error-service-foreign = What answers in the place of Muster's service belongs to another user.
error-service-foreign-hint = Nothing was sent to it. Ask whoever looks after this computer, or set MUSTER_HOME to a folder of your own.
