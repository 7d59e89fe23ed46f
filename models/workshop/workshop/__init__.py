"""The workshop: makes every file under models/ and public/lists/, the same bytes on every run."""
