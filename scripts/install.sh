#!/usr/bin/env bash
# Installs what package-lock.json names, then builds the native modules that ship no binary, under the pinned Node:
# npm's own Node and its headers may be of another version.
set -euo pipefail
cd "$(dirname "$0")/.."
echo 'installing dependencies'
# Not `npm ci`: it wants every optional package of every other system in the lockfile, and some registries lack them.
# The versions are the lockfile's all the same.
# The machine's npm may run under an older Node; the engines that matter are those of the pinned one.
npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
node_dir=$PWD/node_modules/node-linux-$arch
export PATH="$node_dir/bin:$PATH"
export npm_config_nodedir="$node_dir"
gyp=$(dirname "$(readlink -f "$(command -v npm)")")/../node_modules/node-gyp/bin/node-gyp.js
for module in i2c-bus epoll; do
  # Optional: without a compiler the appliance runs, and the doctor says what is missing.
  (cd "node_modules/$module" && node "$gyp" rebuild --nodedir="$node_dir" >build.log 2>&1) ||
    echo "$module could not be compiled (a C++ compiler, make and python3 are needed): I2C and GPIO will be absent"
done
touch node_modules/.installed
