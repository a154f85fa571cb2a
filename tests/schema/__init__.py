"""The JSON Schemas of flows, conversation tests and config.yaml."""
