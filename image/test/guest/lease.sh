#!/bin/sh
# What udhcpc runs when it was given a lease: takes the address, and keeps the offer's words for the test to read.
[ "$1" = bound ] || exit 0
ip addr replace "${ip:?}/${mask:?}" dev "${interface:?}"
env | grep -E '^(ip|mask|router|dns|lease|serverid)=' >"${0%/*}/lease"
