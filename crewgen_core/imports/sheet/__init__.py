"""Tables of objectives that people upload: bytes of a CSV or XLSX file in, checked rows out.

``report.inspect_upload`` tells what a file holds; ``sheet.read_sheet`` and ``rows.check_rows`` are its two steps and
yield the rows one by one, so that no more than the bytes are held. ``encoding`` and ``delimited`` read CSV,
``workbook`` reads XLSX by ``workbook_program``, a process of its own. ``mapping`` finds what the columns mean,
``cells`` reads what people write for an amount, a time or a priority, ``sample`` is the file to begin with.
"""
