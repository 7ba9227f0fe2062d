"""Understands an objective without a model: ``analyze`` joins the parts.

``clauses`` splits the text into things to do, ``required_skills`` and ``deliverables`` look them up in the catalog,
``constraints`` and ``risks`` read limits and dangers, ``domain``, ``tongue`` and ``complexity`` judge the whole.
"""
