"""How a live gateway counts a key's requests, found out by sending some: `botkit gateway probe`.

`course.py` says when the next request leaves, `infer.py` what the answers mean, both without clock or network;
`send.py` sends, and enters each request in the store's ledger.
"""
