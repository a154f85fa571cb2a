"""Flows as pictures: a flow -> `Picture` (what is shown) -> `Drawing` (where it stands) -> SVG, HTML, Mermaid. Pure."""
