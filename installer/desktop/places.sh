# Where `register` puts things, by the XDG base directory specification. Meant to be sourced.

data=${XDG_DATA_HOME:-$HOME/.local/share}
config=${XDG_CONFIG_HOME:-$HOME/.config}
applications=$data/applications
icons=$data/icons/hicolor
# The name that the window tells the desktop, so that both are taken for one.
desktop_file=$applications/io.github.muster-mods.Muster.desktop
scheme=x-scheme-handler/muster
icon_sizes=(16 24 32 48 64 128 256)
