"""Where rectangles go and how curves lead between them, found by Graphviz or by grandalf. Nothing here knows what they are."""
