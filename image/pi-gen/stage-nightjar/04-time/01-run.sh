#!/bin/bash -e
"${STAGE_DIR}/lay.sh"
