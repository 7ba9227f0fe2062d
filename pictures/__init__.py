"""Pictures of every page for the documents, and a look at what is wrong in them: ``python -m pictures``.

``views`` says which pages there are, ``dashboard`` serves one full of demo data, ``camera`` opens a page and waits
until it is drawn, ``faults`` measures in the drawn page what is cut off, overlaps or scrolls where it should not.
"""
