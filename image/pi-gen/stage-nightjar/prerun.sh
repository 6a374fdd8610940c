#!/bin/bash -e
# pi-gen: this stage begins with what the stage before it left.
if [ ! -d "${ROOTFS_DIR}" ]; then
	copy_previous
fi
