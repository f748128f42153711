#!/bin/sh
# What is removed is stopped; an upgrade restarts it afterwards.
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
  systemctl disable --now dateline.service dateline.timer
fi
