#!/bin/bash
# Runs a command inside the tool chroot. The work tree is seen at the same path inside, and /tmp is the host's; the mounts
# live in a mount namespace of their own and go with it. Network and processes are the host's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/../.." && pwd)
tools=$(bash "$here/tools.sh")
exec unshare --mount --propagation private bash -c '
  set -euo pipefail
  tools=$1 tree=$2; shift 2
  for place in /dev /proc /sys /tmp "$tree"; do
    mkdir -p "$tools$place"
    mount --rbind "$place" "$tools$place"
  done
  exec chroot "$tools" /usr/bin/env --chdir="$PWD" "$@"
' in-tools "$tools" "$tree" "$@"
