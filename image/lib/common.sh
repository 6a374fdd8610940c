# shellcheck shell=bash disable=SC2034 # read by those who source this
# Shared by the scripts of image/: where things are, and one line a step with its wall time.
image=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
project=$(dirname "$image")
stage=$image/pi-gen/stage-nightjar
cache=${NIGHTJAR_IMAGE_CACHE:-$project/.cache/image}
suite=trixie
mirror=${NIGHTJAR_MIRROR:-http://deb.debian.org}
mkdir -p "$cache"

# One date for every file made: that of the last commit, so that the same commit gives the same image.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$project" log -1 --format=%ct 2>/dev/null || echo 1700000000)}
export SOURCE_DATE_EPOCH LC_ALL=C.UTF-8 TZ=UTC

# step WORDS COMMAND...: runs it and says how long it took, or that it failed.
doing=
trap '[ $? = 0 ] || [ -z "$doing" ] || echo "failed: $doing" >&2' EXIT
step() {
  local began=$SECONDS
  doing=$1
  shift
  "$@"
  printf '%5d s  %s\n' $((SECONDS - began)) "$doing"
  doing=
}

# Debian packages that this machine needs; installed when we are root.
need() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || { echo "needed, and only root can install them: ${missing[*]}" >&2; return 1; }
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

version() { sed -n 's/^ *"version": "\(.*\)",$/\1/p' "$project/package.json" | head -n 1; }
