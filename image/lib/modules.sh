#!/usr/bin/env bash
# modules.sh CPU FOLDER: the runtime packages of package-lock.json for a board (arm64) as FOLDER/node_modules, on a machine of
# another kind. What ships no binary is cross-compiled under this machine's pinned Node against the board's headers, which
# come with the board's own Node: nothing runs emulated.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cpu=$1
folder=$2
wanted=$(cat "$project"/package{,-lock}.json "$image/lib/modules.sh" | sha256sum | cut -c1-16)
[ "$(cat "$folder/.made" 2>/dev/null)" != "$wanted" ] || exit 0
need gcc-aarch64-linux-gnu g++-aarch64-linux-gnu make python3

rm -rf "$folder"
mkdir -p "$folder"
cp "$project"/package{,-lock}.json "$folder/"
(cd "$folder" && npm install --no-save --ignore-scripts --omit=dev --os=linux --cpu="$cpu" --libc=glibc \
  --no-audit --no-fund --loglevel=error)

own=$(ls -d "$project"/node_modules/node-linux-*)
export PATH="$own/bin:$PATH"
gyp=$(dirname "$(readlink -f "$(command -v npm)")")/../node_modules/node-gyp/bin/node-gyp.js
export CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++ AR=aarch64-linux-gnu-ar LINK=aarch64-linux-gnu-g++
# The path of this checkout shall not be in the binary.
export CXXFLAGS="-ffile-prefix-map=$folder=." CFLAGS="-ffile-prefix-map=$folder=."
for module in i2c-bus epoll; do
  (cd "$folder/node_modules/$module" &&
    node "$gyp" rebuild --nodedir="$folder/node_modules/node-linux-$cpu" --arch="$cpu" --release >build.log 2>&1) ||
    { tail -n 20 "$folder/node_modules/$module/build.log" >&2; exit 1; }
  aarch64-linux-gnu-strip "$folder/node_modules/$module"/build/Release/*.node
done
echo "$wanted" >"$folder/.made"
