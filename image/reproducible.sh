#!/usr/bin/env bash
# reproducible.sh [ARCH]: builds the root twice, from an empty base each time, and compares the trees: every file's path,
# kind, mode, owner, time and contents. Prints the hash of both, or what differs and is not among the exceptions.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
arch=${1:-amd64}
# Files that may differ. None are known; a line here needs a reason beside it.
exceptions='^$'

# tree ROOT: one line for each file
tree() {
  (cd "$1" && find . -xdev -printf '%p|%y|%m|%U:%G|%T@|%l\n' | sort
    find . -xdev -type f -print0 | sort -z | xargs -0 sha256sum) | { grep -Ev "$exceptions" || true; }
}

NIGHTJAR_BUNDLE=${NIGHTJAR_BUNDLE:-$("$image/lib/bundle.sh" "$arch")}
export NIGHTJAR_BUNDLE
for turn in 1 2; do
  # A cache of its own: nothing of the first build is there in the second.
  NIGHTJAR_IMAGE_CACHE=$cache/twin-$turn "$image/root.sh" "$arch" "$cache/twin-$turn/root"
  tree "$cache/twin-$turn/root" >"$cache/twin-$turn.tree"
  echo "build $turn: $(sha256sum <"$cache/twin-$turn.tree" | cut -c1-64)"
done
if ! diff "$cache"/twin-{1,2}.tree >"$cache/twins.diff"; then
  head -n 40 "$cache/twins.diff"
  echo "different: $(wc -l <"$cache/twins.diff") lines in $cache/twins.diff" >&2
  exit 1
fi
rm -rf --one-file-system "$cache"/twin-{1,2}
