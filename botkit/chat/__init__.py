"""`botkit chat`: the flows in a terminal, on the rehearsal that conversation tests play on.

A *session* is one talk: what was put in, what the bot said, what its calls gave. The *console* takes what is typed,
a text for the bot or a command, and says what came of it. Nothing is stored; no server runs.
"""
