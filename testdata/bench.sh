#!/bin/sh
# Times the whole run on a generated month: bench.sh BINARY RECORDS SEED
set -eu
bin=$1 records=$2 seed=$3
dir=bench/month-$records-$seed
[ -d "$dir" ] || "$bin" generate --records "$records" --seed "$seed" --out "$dir" --quiet
time=time
[ -x /usr/bin/time ] && time="/usr/bin/time -v"
for workers in 1 2; do
	rm -rf "bench/pack"
	echo "run, $records CDRs, $workers workers"
	$time "$bin" run "$dir/case.yaml" --out bench/pack --quiet --workers "$workers" 2>bench/time.txt
	grep -E 'Elapsed|Maximum resident|User time|System time' bench/time.txt || cat bench/time.txt
done
