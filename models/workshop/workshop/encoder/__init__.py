"""The text encoder: a small English trunk taught four more languages, and what is fitted on it. Needs torch."""
