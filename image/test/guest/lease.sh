#!/bin/sh
# What udhcpc runs when it was given a lease: takes the address, and keeps the offer's words for the test to read.
[ "$1" = bound ] || exit 0
ip addr replace "$ip/$mask" dev "$interface"
for word in ip mask router dns domain lease serverid; do
  eval "value=\${$word:-}"
  echo "$word=$value"
done >"${0%/*}/lease"
