#!/bin/bash -e
# What the image is made of, in it and beside it: NOTICE, the licence, and an SPDX list of every package.
project="${STAGE_DIR}/../../.."
target="${ROOTFS_DIR}/usr/share/doc/nightjar"
mkdir -p "$target"
install -m 644 "$project/NOTICE" "$project/LICENSE" "$target/"
case $(uname -m) in aarch64) own=arm64 ;; *) own=x64 ;; esac
version=$(sed -n 's/^ *"version": "\(.*\)",$/\1/p' "$project/package.json" | head -n 1)
"$project/node_modules/node-linux-$own/bin/node" "$project/image/lib/spdx.ts" "${ROOTFS_DIR}" "${NIGHTJAR_BUNDLE}" "$version" >"$target/packages.spdx.json"
