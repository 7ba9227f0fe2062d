"""Understands an objective without a model: ``analyze`` joins the parts.

``sentences`` cuts the text, ``commands`` turns what is said in other words into orders, ``verbs`` knows an order when it sees
one, ``clauses`` splits it into things to do, ``references`` says what "it" and "them" stand for. ``required_skills`` and
``deliverables`` look the clauses up in the catalog, ``constraints`` and ``risks`` read limits and dangers, ``subject``, ``domain``,
``question_names``, ``tongue`` and ``complexity`` judge the whole.
"""
