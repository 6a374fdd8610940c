#!/usr/bin/env bash
# Prints the apt sources of the image. contrib and non-free hold some vendors' camera drivers, which only the owner adds.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
key='signed-by=/usr/share/keyrings/debian-archive-keyring.gpg'
echo "deb [$key] $mirror/debian $suite main non-free-firmware"
echo "deb [$key] $mirror/debian $suite-updates main non-free-firmware"
echo "deb [$key] $mirror/debian-security $suite-security main non-free-firmware"
