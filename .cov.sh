npx vite build --mode chromium >/dev/null 2>&1 && npx vite build --mode firefox >/dev/null 2>&1; timeout 420 npx vitest run --project e2e test/e2e/coverage.spec.ts --retry 0 2>&1 | grep -v "npm warn"
