#!/bin/bash -e
# NIGHTJAR_BUNDLE: dist/ made for the board (image/lib/bundle.sh); it brings its own Node.
: "${NIGHTJAR_BUNDLE:?the folder of the bundle made for the board}"
target="${ROOTFS_DIR}/usr/lib/nightjar"
rm -rf "$target"
mkdir -p "$target/system"
tar -c -C "${NIGHTJAR_BUNDLE}" --owner=0 --group=0 --mode='u=rwX,go=rX' . | tar -x -C "$target" --no-overwrite-dir
ln -sfn ../lib/nightjar/nightjar "${ROOTFS_DIR}/usr/bin/nightjar"
# The one piece of the program that is a script of root's.
install -m 755 "${STAGE_DIR}/../../../src/system/time/set-clock.sh" "$target/system/set-clock.sh"
