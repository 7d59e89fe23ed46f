npx vite build --mode chromium >/dev/null 2>&1 && npx vite build --mode firefox >/dev/null 2>&1; for k in ${@:-chromium firefox}; do timeout 70 npx tsx .dbg.mts $k 2>&1 | grep -v "npm warn"; done
