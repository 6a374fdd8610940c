# Sourced: a package manager for trixie with lists of its own: what the host has installed and how it is subscribed stay
# as they are. `apt_get update`, `apt_cache show NAME`, `fetch NAME… FOLDER` (unpacks into it).
cache=${NIGHTJAR_CACHE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/.cache}/vm
apt=$cache/apt
mkdir -p "$apt/lists/partial" "$apt/archives/partial"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mirror=${NIGHTJAR_MIRROR:-http://deb.debian.org}
cat >"$apt/sources.list" <<LIST
deb [signed-by=$keyring] $mirror/debian trixie main
deb [signed-by=$keyring] $mirror/debian-security trixie-security main
LIST
own=(-o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$apt/lists"
  -o Dir::Cache="$apt" -o Dir::Cache::Archives="$apt/archives" -o APT::Sandbox::User=root)
apt_get() { apt-get "${own[@]}" -qq "$@" >&2; }
apt_cache() { apt-cache "${own[@]}" "$@"; }

say() { echo "$(basename "$0"): $*" >&2; }

# Packages of this machine's own that are missing, as far as we may.
need() {
  [ $# -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    say "these packages are needed: $*"
    return 1
  fi
  say "installing $*"
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >&2
}

# fetch FOLDER NAME…: downloads packages (checked by the archive's signature) and unpacks them there.
fetch() {
  local folder=$1
  shift
  rm -f "$apt"/archives/*.deb
  (cd "$apt/archives" && apt_get download "$@")
  local package
  for package in "$apt"/archives/*.deb; do dpkg-deb -x "$package" "$folder"; done
  rm -f "$apt"/archives/*.deb
}
