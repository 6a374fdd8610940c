#!/bin/bash -e
# Lays a sub-stage's files/ over the root: owned by root and readable, whoever checked them out under whatever umask.
tar -c -C "${1:-files}" --owner=0 --group=0 --mode='u=rwX,go=rX' . | tar -x -C "${ROOTFS_DIR}" --no-overwrite-dir
