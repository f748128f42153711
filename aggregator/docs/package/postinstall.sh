#!/bin/sh
# The user is made, and its group may read the secrets. Nothing is started: the list of sources is the operator's.
set -e
systemd-sysusers dateline.conf
chgrp dateline /etc/dateline/secrets
if [ -d /run/systemd/system ]; then
  systemctl daemon-reload
  systemctl try-restart dateline.service
fi
