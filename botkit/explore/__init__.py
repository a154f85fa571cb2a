"""Looking for what goes wrong in flows: talks are made up, played by the very turn of `botkit run`, and judged.

What to answer (`answers.py`, `replies.py`, `results.py`) and what a finding is (`judge.py`, `afterwards.py`) are pure;
`search.py` decides where to go on, by ways that were not taken yet. A moment of a talk (`scene.py`) never changes, so a
talk goes on from it in as many ways as one likes. A finding counts only once its test fails on the whole runtime with
a real store (`proof.py`): the search may be wrong about nothing that people are told.
"""
