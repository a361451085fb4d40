# Shared by installer/run, tests/run and the benchmarks. Meant to be sourced by bash with -euo pipefail.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
RUST_MIN=1.95
NODE_MIN=20.19

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() { printf 'muster: %s\n' "$*" >&2; exit 1; }

# at_least HAVE WANT: whether version HAVE is at least WANT
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_rust() {
  command -v cargo >/dev/null 2>&1 || { [ -f "$HOME/.cargo/env" ] && . "$HOME/.cargo/env"; } || true
  local have
  have=$(rustc --version 2>/dev/null | awk '{print $2}') || true
  [ -n "$have" ] && at_least "$have" "$RUST_MIN" && return
  die "Rust $RUST_MIN or newer is needed (found: ${have:-none}).
  Get it from https://rustup.rs, then run this again."
}

need_node() {
  local have
  have=$(node --version 2>/dev/null | tr -d v) || true
  [ -n "$have" ] && at_least "$have" "$NODE_MIN" && return
  die "Node.js $NODE_MIN or newer is needed to build the window (found: ${have:-none}).
  Get it from https://nodejs.org, then run this again."
}

# packages NAME...: installs the Debian packages that are missing, or lists them where apt is not there.
packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if ! command -v apt-get >/dev/null 2>&1; then
    note "apt is not there. These Debian packages, or what they are called here, are needed:"
    note "${missing[*]}"
    return
  fi
  local as=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || die "please install as root: apt-get install ${missing[*]}"
    as=(sudo)
  fi
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return
  "${as[@]}" apt-get update -qq >/dev/null || note "the package lists could not be refreshed"
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >/dev/null
}

BUILD_PACKAGES=(build-essential pkg-config file)
WINDOW_PACKAGES=(libwebkit2gtk-4.1-dev libgtk-3-dev librsvg2-dev xdg-utils desktop-file-utils)
GAME_PACKAGES=(minetest-server)
TEST_PACKAGES=(openttd openttd-opengfx dsda-doom freedoom xvfb dbus dbus-x11 openbox xdotool x11-utils imagemagick webkit2gtk-driver chromium strace
  iproute2 nftables tcpdump aria2 qbittorrent-nox procps python3 python3-venv python3-dbus python3-gi gnome-keyring libglib2.0-bin unzip e2fsprogs btrfs-progs xfsprogs dpkg-dev)

# ui_build: builds the window's pages where their sources changed.
ui_build() {
  local stamp="$ROOT/target/ui.stamp" now
  now=$(cd "$ROOT" && find ui/src ui/index.html ui/package.json ui/package-lock.json ui/vite.config.ts ui/scripts \
    ui/public service/messages/en service/messages/de -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ -f "$ROOT/ui/dist/index.html" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then return; fi
  say "Building the window's pages"
  ui_modules
  (cd "$ROOT/ui" && npm run --silent build)
  mkdir -p "$ROOT/target"
  printf '%s' "$now" >"$stamp"
}

# ui_modules: the npm packages, once per lock file
ui_modules() {
  local lock="$ROOT/ui/package-lock.json" stamp="$ROOT/ui/node_modules/.muster-lock"
  cmp -s "$lock" "$stamp" && return
  (cd "$ROOT/ui" && npm ci --no-audit --no-fund --loglevel=error)
  cp "$lock" "$stamp"
}
