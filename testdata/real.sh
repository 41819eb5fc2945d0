#!/bin/sh
# A disputed month made from measured sessions, run and verified: real.sh BINARY SESSIONS.csv[.gz] DIR
# The columns and the zone are those of the ACN-Data export; other logs need other --column flags.
set -eu
bin=$1 sessions=$2 dir=$3
if [ ! -f "$sessions" ]; then
	echo "no session log at '$sessions': make real SESSIONS=file.csv.gz" >&2
	exit 2
fi
show() { echo "$ $*"; "$@"; }
rm -rf "$dir"
show "$bin" generate --from-sessions "$sessions" --zone America/Los_Angeles --out "$dir/month" \
	--column id=Session --column start=ConnectionStartDateTime --column end=ConnectionEndDateTime \
	--column charge_start=ChargingStartDateTime --column charge_end=ChargingEndDateTime \
	--column kwh=Energy --column station=ChargingStation --column user=UserID
show "$bin" run "$dir/month/case.yaml" --out "$dir/pack"
show "$bin" verify "$dir/pack"
