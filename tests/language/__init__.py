"""The flow language, page by page: a test per construct and per ruling, named after it."""
