"""Looking for what goes wrong in flows: talks are made up, played by the very turn of `botkit run`, and judged.

What may happen next (`answers.py`, `around.py`), what calls give (`results.py`) and what a finding is (`judge.py`,
`taken.py`, `unread.py` of one move; `afterwards.py`, `conditions.py` of many) are pure; `search.py` decides where to go
on, by ways that were not taken yet. A moment of a talk (`scene.py`) never changes, so a talk goes on from it in as many
ways as one likes. A finding counts only once its test fails on the whole runtime with a real store (`proof.py`): the
search may be wrong about nothing that people are told.
"""
