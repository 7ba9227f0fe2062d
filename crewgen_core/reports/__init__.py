"""Reports: what a stakeholder reads about a crew or a job, as a document that any form can show.

``crew`` and ``job`` say it, ``estimates``, ``people`` and ``risks`` are parts of it; ``exports.document_html`` and
``exports.document_pdf`` write it out.
"""
